/**
 * The quick checks, as git hooks and CI run them: types, lint and format, import rules, promises, generated files.
 * Every check runs even when an earlier one failed, so that one run tells everything. `--fix` mends what can be mended.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { biomeJson } from './biome.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const fix = process.argv.includes('--fix');

interface Check {
  readonly name: string;
  readonly ok: () => boolean;
  readonly fix: string;
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}

const generator = (name: string, script: string): Check => ({
  name,
  ok: () => run('node', [`scripts/${script}`, ...(fix ? [] : ['--check'])]),
  fix: `node scripts/${script}`,
});

const checks: readonly Check[] = [
  { name: 'types', ok: () => run('tsc', ['-p', 'tsconfig.json']), fix: 'mend the types named above' },
  {
    name: 'lint, format and import rules',
    ok: () =>
      run('biome', ['check', '--error-on-warnings', '--diagnostic-level=warn', ...(fix ? ['--write'] : []), '.']),
    fix: 'npm run check -- --fix',
  },
  {
    name: 'biome.json is what scripts/import-rules.ts says',
    ok: () => JSON.stringify(JSON.parse(readFileSync('biome.json', 'utf8'))) === JSON.stringify(JSON.parse(biomeJson)),
    fix: 'node scripts/biome.ts && npx biome format --write biome.json',
  },
  {
    name: 'no promise is left floating',
    ok: () => run('oxlint', ['--type-aware', '.']),
    fix: 'await it, or say `void`',
  },
  { name: 'package-lock.json', ok: () => run('node', ['scripts/lock-lint.ts']), fix: 'mend what is named above' },
  generator('README tables', 'readme-tables.ts'),
  generator('actions/{reviewer,tester,issue-reader}/action.yml', 'role-actions.ts'),
  generator('.github/workflows/agent-coordinated.yml', 'coordinated-workflow.ts'),
  generator('.github/workflows/agent-dispatched.yml', 'dispatched-workflow.ts'),
  generator('docs/errors.md', 'errors-doc.ts'),
  generator('docs/query.md', 'query-doc.ts'),
  generator('docs/coordinator.md', 'coordinator-doc.ts'),
  generator('docs/entropy.schema.json', 'config-schema.ts'),
  generator('docs/aws.md, docs/cost.md', 'aws-doc.ts'),
  generator('docs/github-app.md', 'github-app-doc.ts'),
  generator('docs/commands-table.md', 'commands-table.ts'),
  generator('docs/examples.md', 'examples-doc.ts'),
  generator('docs/threat-model.md', 'threat-model.ts'),
  generator('docs/images/team.svg', 'team-picture.ts'),
  generator('docs/images/trust-boundaries.svg', 'trust-picture.ts'),
  generator('docs/team-transcript.md', 'team-transcript.ts'),
];

const failed = checks.filter((check) => {
  const ok = check.ok();
  console.error(`${ok ? '✔' : '✗'} ${check.name}`);
  return !ok;
});
for (const check of failed) console.error(`\n✗ ${check.name}\n  fix   ${check.fix}`);
process.exitCode = failed.length === 0 ? 0 : 1;
