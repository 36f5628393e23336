import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorsDoc } from '../../../scripts/errors-doc.ts';
import { settingKeys, settingNames } from '../../../src/domain/settings.ts';
import { flagName, settingSources } from '../../../src/runtime/setting-sources.ts';

const page = readFileSync('docs/configuration.md', 'utf8');
const gate = readFileSync('actions/gate/action.yml', 'utf8');

describe('docs/configuration.md', () => {
  it.each(settingKeys)('has one row for %s with its key, its input where the gate takes one, and its option', (key) => {
    const { input } = settingSources[key];
    const taken = new RegExp(`^  ${input}:$`, 'm').test(gate);
    const cells = `| \`${settingNames[key]}\` | ${taken ? `\`${input}\`` : ''} | \`${flagName(key)}\` |`;
    expect(page.split('\n').filter((line) => line.startsWith(cells))).toHaveLength(1);
  });
});

describe('docs/errors.md', () => {
  it('is what the catalogue and its prose say', () => {
    expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsDoc());
  });
});
