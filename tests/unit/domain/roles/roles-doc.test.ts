import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { verificationVerdicts } from '../../../../src/domain/reports/verification-report.ts';
import { roleKeys } from '../../../../src/domain/roles/read-role.ts';
import { isRoleName } from '../../../../src/domain/roles/role.ts';
import { shippedRoles } from '../../../../src/domain/roles/shipped-roles.ts';
import { workKinds } from '../../../../src/domain/roles/work-kind.ts';
import { parseRoleFile } from '../../../../src/flows/parse-role-file.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../../../docs/roles.md'), 'utf8');

it('the page about roles tells the shipped ones as they are', () => {
  const rows = shippedRoles.map(
    ({ name, results, description }) => `| \`${name}\` | ${results.join(', ')} | ${description} |`,
  );
  expect(page).toContain(rows.join('\n'));
});

it('the page about roles tells every kind of work, key and verdict', () => {
  for (const kind of workKinds) expect(page).toContain(`| \`${kind}\` |`);
  for (const key of roleKeys) expect(page).toContain(`| \`${key}\` |`);
  for (const verdict of verificationVerdicts) expect(page).toContain(`| \`${verdict}\` |`);
});

it('the example of the page can be used', async () => {
  const example = /```markdown\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const name = 'security-reviewer';
  const role = await parseRoleFile({ name, path: `${name}.md`, bytes: new TextEncoder().encode(example) });
  expect(role).toMatchObject({ results: ['review'], budget: { maxTurns: 30, maxCostMicroUsd: 1_500_000 } });
});

it('shipped roles have names of roles, one line each, and say how they work', () => {
  for (const { name, description, instructions } of shippedRoles) {
    expect(isRoleName(name)).toBe(true);
    expect(description).not.toContain('\n');
    expect(instructions.trim()).not.toBe('');
    expect(instructions.length).toBeLessThan(1_500);
  }
});
