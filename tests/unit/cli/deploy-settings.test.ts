import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/cli/deploy/deploy-flags.ts';

describe('settings that are named at the command line of deploy', () => {
  test('are read as JSON where they are', () => {
    const pairs = ['concurrency=20', 'alarmEmail=ops@example.com', 'owners=["octo#9919"]'];
    expect(readSettings(pairs)).toEqual({ concurrency: 20, alarmEmail: 'ops@example.com', owners: ['octo#9919'] });
  });

  test.each([
    ['concurency=20', 'did you mean concurrency? docs/aws.md lists the settings'],
    ['toString=1', 'docs/aws.md lists the settings'],
    ['concurrency', 'docs/aws.md lists the settings'],
  ])('%s is refused before anything begins', (pair, fix) => {
    expect(() => readSettings([pair])).toThrow(expect.objectContaining({ code: 'E100', fix }));
  });
});
