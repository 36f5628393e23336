import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { builtinInputs } from '../../../../src/embedded/runner/builtin/builtin-inputs.ts';
import { builtinNames } from '../../../../src/embedded/runner/builtin/builtin-names.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/local-runner.md'), 'utf8');

test.each(builtinNames)('the page lists what %s accepts and refuses', (name) => {
  const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``)) ?? '';
  const [, , accepted = '', remarks = ''] = row.split('|');
  for (const [input, { use }] of Object.entries(builtinInputs[name])) {
    if (use === 'used') expect(accepted).toContain(`\`${input}\``);
    if (use === 'refused') expect(remarks).toContain(`\`${input}\``);
    if (use === 'ignored') expect(row).not.toContain(`\`${input}\``);
  }
});
