import { dispatchInputs } from '../domain/dispatch/dispatched-title.ts';
import type { Check, DoctorWorld, Finding } from './doctor-world.ts';
import { repositoryConfigPath } from './repository-config.ts';

const workflows = '.github/workflows';
const ours =
  /entropy-playground\/(?:entropy-playground\/\.github\/workflows\/agent(?:-coordinated|-dispatched)?\.yml|coder)@[\w./-]+/;
const initFix = 'npx entropy-playground init';

/** What the repository must hold. */
export const fileChecks: readonly Check[] = [
  {
    id: 'repository',
    title: 'repository',
    look: async ({ repository }) => {
      if (repository.kind === 'none') return { status: 'fail', detail: repository.reason, fix: repository.fix };
      const { remote, defaultBranch } = repository;
      if (remote === undefined) {
        return { status: 'fail', detail: 'no remote on a forge', fix: 'gh repo create --source . --push' };
      }
      const name = `${remote.owner}/${remote.name} on ${remote.host}, default branch ${defaultBranch ?? 'unknown'}`;
      const onGitHub = remote.forge === 'github' || remote.forge === 'github-enterprise';
      if (!onGitHub) {
        const fix = 'push it to GitHub, or use `entropy-playground run`, which needs no forge';
        return { status: 'fail', detail: `${name}: not GitHub`, fix };
      }
      if (!remote.hadCredentials) return { status: 'ok', detail: name };
      const fix = 'git remote set-url origin <the same without it>, and revoke the token';
      return { status: 'warn', detail: `${name}; its URL holds a password or token`, fix };
    },
  },
  { id: 'workflow', title: 'workflow', look: lookAtWorkflow },
  {
    id: 'config',
    title: 'configuration',
    look: async (world) => {
      const text = await world.readText(repositoryConfigPath);
      if (text === undefined) {
        return { status: 'warn', detail: `there is no ${repositoryConfigPath}; defaults apply`, fix: initFix };
      }
      const { examinePolicy, findingText } = await import('./policy-report.ts');
      const report = await examinePolicy(text);
      const [first, ...others] = report.findings;
      if (first !== undefined) {
        const more = others.length === 0 ? '' : `, and ${others.length} more (entropy-playground policy check)`;
        return { status: 'fail', detail: `${findingText(report, first)}${more}`, fix: first.fix };
      }
      const { values } = report.settings;
      if (values.test !== undefined) return { status: 'ok', detail: `${repositoryConfigPath}, test: ${values.test}` };
      const fix = `add "test: <command>" to ${repositoryConfigPath}; without it nothing proves the work`;
      return { status: 'warn', detail: `${repositoryConfigPath} names no test command`, fix };
    },
  },
];

async function lookAtWorkflow(world: DoctorWorld): Promise<Finding> {
  const names = (await world.listFolder(workflows)).filter((name) => /\.ya?ml$/.test(name));
  for (const name of names) {
    const path = `${workflows}/${name}`;
    const text = (await world.readText(path)) ?? '';
    const uses = ours.exec(text)?.[0];
    if (uses !== undefined) return judgeWorkflow(path, text, uses);
  }
  return { status: 'fail', detail: `no workflow in ${workflows} uses an agent`, fix: initFix };
}

async function judgeWorkflow(path: string, text: string, uses: string): Promise<Finding> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) return { status: 'fail', detail: `${path} is not YAML: ${fault.message}`, fix: initFix };
  const root: unknown = document.toJS();
  const problems = [...triggerProblems(at(root, 'on'), isDispatched(uses)), ...jobProblems(root)];
  const pin = uses.split('@')[1] ?? '';
  if (problems.length === 0) return { status: 'ok', detail: `${path}, ${uses}` };
  const detail = `${path}: ${problems.join('; ')}`;
  return { status: 'fail', detail, fix: `correct it, or see what \`${initFix} --dry-run\` would write (${pin})` };
}

function isDispatched(uses: string): boolean {
  return uses.includes('/agent-dispatched.yml@');
}

function triggerProblems(on: unknown, dispatched: boolean): string[] {
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(record(on));
  const problems: string[] = [];
  const startable = ['issue_comment', 'issues', 'workflow_dispatch', 'repository_dispatch'];
  if (!events.some((event) => startable.includes(event))) problems.push('no event in `on:` starts an agent');
  const inputs = record(at(at(on, 'workflow_dispatch'), 'inputs'));
  const missing = Object.values(dispatchInputs).filter((name) => !(name in inputs));
  if (dispatched && missing.length > 0) problems.push(`workflow_dispatch lacks the inputs ${missing.join(', ')}`);
  if (events.includes('pull_request_target'))
    problems.push("pull_request_target gives forks this repository's secrets");
  return problems;
}

/** What the shipped workflows ask for: GitHub does not start a called workflow that asks for more than it is given. */
const needed = [
  ['actions', 'write'],
  ['checks', 'read'],
  ['contents', 'write'],
  ['issues', 'write'],
  ['pull-requests', 'write'],
  ['statuses', 'read'],
] as const;
const identify = ['id-token', 'write'] as const;
const neededDispatched = [['contents', 'read'], identify] as const;

function neededBy(job: unknown) {
  if (isDispatched(String(at(job, 'uses')))) return neededDispatched;
  const steps = at(job, 'steps');
  const inputs = [job, ...(Array.isArray(steps) ? steps : [])].map((one) => record(at(one, 'with')));
  return inputs.some((given) => 'coordinator-url' in given) ? [...needed, identify] : needed;
}

function jobProblems(root: unknown): string[] {
  const problems: string[] = [];
  for (const [name, job] of Object.entries(record(at(root, 'jobs')))) {
    if (!ours.test(JSON.stringify(job) ?? '')) continue;
    const given = at(job, 'permissions') ?? at(root, 'permissions');
    const lacking = neededBy(job).filter(([scope, level]) => !grants(given, scope, level));
    if (given === undefined) problems.push(`job ${name} names no permissions, so the repository's default decides`);
    else if (lacking.length > 0) {
      problems.push(`job ${name} lacks ${lacking.map(([scope, level]) => `${scope}: ${level}`).join(', ')}`);
    }
    if (!JSON.stringify(job).includes('anthropic-api-key')) problems.push(`job ${name} passes no anthropic-api-key`);
  }
  return problems;
}

function grants(permissions: unknown, scope: string, level: 'read' | 'write'): boolean {
  if (permissions === 'write-all') return true;
  if (permissions === 'read-all') return level === 'read';
  const given = at(permissions, scope);
  return given === 'write' || given === level;
}

function at(value: unknown, key: string): unknown {
  const object = record(value);
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}
