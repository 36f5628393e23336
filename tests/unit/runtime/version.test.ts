import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { version } from '../../../src/runtime/version.ts';

it('the version that runs are stamped with is the one of package.json', () => {
  expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});
