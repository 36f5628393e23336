/**
 * Reads every workflow and action of ours, and those that we tell people to paste, with zizmor (what is unsafe) and actionlint (what
 * is wrong): `node scripts/lint-workflows.ts`. Exit 1 for a finding, 3 when one of the two is missing.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dispatchedWorkflowText } from '../src/domain/dispatched-workflow-text.ts';
import { workflowText } from '../src/domain/workflow-text.ts';
import { actionlintHint, findActionlint } from './install-actionlint.ts';
import { findZizmor, zizmorHint } from './install-zizmor.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const coordinatorUrl = 'https://coordinator.example.com';
const triggers = { labelTrigger: 'agent', triggerPhrase: '/agent' };

/** What `entropy-playground init` writes, form by form. */
const written: Readonly<Record<string, string>> = {
  'three-jobs.yml': workflowText({ form: 'three-jobs', ...triggers }),
  'one-step.yml': workflowText({ form: 'one-step', ...triggers }),
  'coordinated.yml': workflowText({ form: 'three-jobs', ...triggers, coordinatorUrl }),
  'dispatched.yml': dispatchedWorkflowText({ coordinatorUrl, place: 'own-repository' }),
  'central.yml': dispatchedWorkflowText({ coordinatorUrl, place: 'central' }),
};

/** Whole workflows in our pages: a block of YAML with triggers and jobs. */
function pasted(): Readonly<Record<string, string>> {
  const pages = globSync(['README.md', 'docs/*.md'], { cwd: root });
  return Object.fromEntries(
    pages.flatMap((page) =>
      [...readFileSync(path.join(root, page), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
        .map(([, block = '']) => block)
        .filter((block) => /^on:/m.test(block) && /^jobs:/m.test(block))
        .map((block, index) => [`${path.basename(page, '.md')}-${index + 1}.yml`, block] as const),
    ),
  );
}

/** Those of `examples/workflows`, which `init --example` writes as they are. */
function examples(): Readonly<Record<string, string>> {
  const names = globSync('*.yml', { cwd: path.join(root, 'examples/workflows') });
  const text = (name: string): string => readFileSync(path.join(root, 'examples/workflows', name), 'utf8');
  return Object.fromEntries(names.map((name) => [`example-${name}`, text(name)]));
}

function run(program: string, args: readonly string[]): boolean {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8', timeout: 120_000 });
  const isClean = status === 0;
  console.error(`${isClean ? '✔' : '✗'} ${path.basename(program)}`);
  if (!isClean) console.error(stdout);
  return isClean;
}

const [zizmor, actionlint] = [findZizmor(), findActionlint()];
if (zizmor === undefined || actionlint === undefined) {
  console.error(`zizmor or actionlint is missing. fix: ${zizmor === undefined ? zizmorHint : actionlintHint}`);
  process.exitCode = 3;
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'entropy-workflows-'));
  try {
    const place = path.join(folder, '.github/workflows');
    mkdirSync(place, { recursive: true });
    const others = Object.entries({ ...written, ...pasted(), ...examples() });
    for (const [name, text] of others) writeFileSync(path.join(place, name), text);
    const files = [...globSync('.github/workflows/*.yml', { cwd: root }), ...globSync(`${place}/*.yml`)];
    console.error(`${files.length} workflows, ${others.length} of them for other repositories, and our actions`);
    const settings = ['--offline', '--no-progress', '--quiet', '--config', '.github/zizmor.yml'];
    const clean = [
      run(zizmor, [...settings, '.github', 'actions', folder]),
      run(actionlint, ['-no-color', '-config-file', '.github/actionlint.yaml', ...files]),
    ];
    process.exitCode = clean.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
