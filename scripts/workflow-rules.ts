/**
 * What every workflow and action of ours keeps to, those that people paste included: which rights, secrets and foreign actions a
 * job may have. Pure: texts in, problems out; tests/unit/workflow-permissions.test.ts reads the files.
 */
import { parse } from 'yaml';

export interface WorkflowStep {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Permissions;
  readonly uses?: string;
  readonly secrets?: unknown;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly WorkflowStep[];
}

type Permissions = Readonly<Record<string, string>> | string | null;

interface Workflow {
  readonly on?: unknown;
  readonly permissions?: Permissions;
  readonly env?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

const owner = 'entropy-playground';
/** Gate, agent and publish in one. */
const oneStep = ['coder', 'reviewer', 'tester', 'issue-reader'];
const modelSecrets = ['anthropic-api-key', 'ANTHROPIC_API_KEY'];
/** What a caller may share out among our jobs, and one trusted job may have. */
const sharedRights = ['actions', 'checks', 'contents', 'issues', 'pull-requests', 'statuses'];

/** Everything that is wrong with a workflow, each with the job that it is in. */
export function workflowProblems(text: string): readonly string[] {
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs ?? {});
  const top = isNothing(workflow.permissions) ? [] : ['the workflow gives rights to all of its jobs: permissions: {}'];
  return [
    ...top,
    ...triggerProblems(
      workflow.on,
      jobs.map(([, job]) => job),
    ),
    ...(mentionsSecret(workflow.env) ? ['a secret stands in the environment of all jobs'] : []),
    ...jobs.flatMap(([name, job]) => jobProblems(job).map((problem) => `job ${name}: ${problem}`)),
  ];
}

/** The same for an `action.yml`. */
export function actionProblems(text: string): readonly string[] {
  const { runs } = parse(text) as {
    readonly runs?: { readonly using?: string; readonly steps?: readonly WorkflowStep[] };
  };
  const steps = runs?.steps ?? [];
  const known = runs?.using === 'node24' || runs?.using === 'composite';
  return [...(known ? [] : [`runs using ${runs?.using}`]), ...steps.flatMap(stepProblems)];
}

/**
 * With these, strangers' code or a stranger's event meets the repository's own secrets. That a workflow has ended is safe to hear
 * for whoever checks nothing out, and has what follows decided by our gate.
 */
function triggerProblems(on: unknown, jobs: readonly Job[]): readonly string[] {
  const names = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(on ?? {});
  return names
    .filter((name) => name === 'pull_request_target' || (name === 'workflow_run' && jobs.some(checksOut)))
    .map((name) => `starts on ${name}`);
}

function jobProblems(job: Job): readonly string[] {
  const steps = job.steps ?? [];
  const rights = rightsOf(job.permissions);
  return [
    ...(rights === undefined ? ['says not which rights it has, or takes all'] : []),
    ...(job.secrets === 'inherit' ? ['passes all secrets on: secrets: inherit'] : []),
    ...(job.uses === undefined ? [] : [...pinProblems(job.uses), ...callerProblems(job, rights ?? {})]),
    ...steps.flatMap(stepProblems),
    ...(steps.some(isAgent) ? agentProblems(job, rights ?? {}) : []),
    ...(oneStep.some((name) => steps.some(isOurs(name))) ? trustedProblems(job, rights ?? {}) : []),
    ...(steps.some(isOurs('gate')) || steps.some(isOurs('publish')) ? writerProblems(steps) : []),
  ];
}

/** The job in which the model works: it reads, and has the model's key and no other secret. */
function agentProblems(job: Job, rights: Readonly<Record<string, string>>): readonly string[] {
  const excess = Object.entries(rights).filter(([scope, level]) => scope !== 'contents' || level !== 'read');
  const steps = job.steps ?? [];
  const withKey = steps.filter(
    (step) => secretsIn(step).length > 0 && !(isAgent(step) && step.with?.['stage'] !== 'setup'),
  );
  return [
    ...excess.map(([scope, level]) => `the agent's job has ${scope}: ${level}`),
    ...foreignSecrets(job).map((name) => `the agent's job has the secret ${name}`),
    ...withKey.map(
      (step) => `the model's key is in a step that does not need it: ${step.name ?? step.uses ?? step.run}`,
    ),
    ...steps.filter(({ uses }) => /^actions\/cache(\/|@)/.test(uses ?? '')).map(() => "the agent's job uses a cache"),
  ];
}

/** One job that does everything holds token and key; nothing else may be with them. */
function trustedProblems(job: Job, rights: Readonly<Record<string, string>>): readonly string[] {
  const allowed = job.steps?.some((step) => step.with?.['coordinator-url'] !== undefined) ? ['id-token'] : [];
  return [
    ...Object.keys(rights)
      .filter((scope) => ![...sharedRights, ...allowed].includes(scope))
      .map((scope) => `the one job has ${scope}`),
    ...foreignSecrets(job).map((name) => `the one job has the secret ${name}`),
  ];
}

/** Jobs that can write run no code of the repository and have no key. */
function writerProblems(steps: readonly WorkflowStep[]): readonly string[] {
  return steps.flatMap((step) => [
    ...(secretsIn(step).some((name) => name !== 'github.token')
      ? ['a job that writes has a secret besides its token']
      : []),
    ...(step.run === undefined || isPacking(step.run) ? [] : ['a job that writes runs a script']),
  ]);
}

/** The one script there: of files that were checked out and not run. */
function isPacking(run: string): boolean {
  return /^tar -C \w+ -cf [\w.-]+ \.$/.test(run.trim());
}

function callerProblems(job: Job, rights: Readonly<Record<string, string>>): readonly string[] {
  const ours = job.uses?.startsWith(`${owner}/`) === true;
  if (!ours) return [];
  const allowed = job.with?.['coordinator-url'] === undefined ? sharedRights : [...sharedRights, 'id-token'];
  const given = Object.keys((job.secrets ?? {}) as object);
  return [
    ...Object.keys(rights)
      .filter((scope) => !allowed.includes(scope))
      .map((scope) => `grants ${scope}, which no job of ours asks for`),
    ...given.filter((name) => !modelSecrets.includes(name)).map((name) => `passes the secret ${name} on`),
    ...foreignSecrets(job).map((name) => `passes the secret ${name} on`),
  ];
}

function stepProblems(step: WorkflowStep): readonly string[] {
  const { uses, run } = step;
  const checkout = uses?.startsWith('actions/checkout@') === true && step.with?.['persist-credentials'] !== false;
  return [
    ...(uses === undefined ? [] : pinProblems(uses)),
    ...(checkout ? ['checks out and leaves its token in the workspace: persist-credentials: false'] : []),
    ...(run?.includes('${{') === true ? [`an expression stands in a script: ${run.trim().slice(0, 60)}`] : []),
  ];
}

/** Code of others by its commit; ours from the workflow's own commit, or by our release in what people paste. */
function pinProblems(uses: string): readonly string[] {
  const local = uses.startsWith('./');
  const release = new RegExp(`^${owner}/[\\w./-]+@v\\d+$`).test(uses);
  const pinned = /@[0-9a-f]{40}$/.test(uses) || /^docker:\/\/.+@sha256:[0-9a-f]{64}$/.test(uses);
  return local || release || pinned ? [] : [`uses ${uses}, which is no commit`];
}

function rightsOf(permissions: Permissions | undefined): Readonly<Record<string, string>> | undefined {
  if (permissions === undefined || typeof permissions === 'string') return undefined;
  return permissions ?? {};
}

function isNothing(permissions: Permissions | undefined): boolean {
  return typeof permissions === 'object' && permissions !== null && Object.keys(permissions).length === 0;
}

function checksOut({ steps = [] }: Job): boolean {
  return steps.some(
    ({ uses }) =>
      uses?.startsWith('actions/checkout@') === true ||
      oneStep.some((name) => isOurs(name)({ ...(uses !== undefined && { uses }) })),
  );
}

function isAgent(step: WorkflowStep): boolean {
  return isOurs('agent')(step);
}

function isOurs(action: string): (step: WorkflowStep) => boolean {
  const name = new RegExp(`^(?:\\./(?:\\.entropy-playground/)?actions/|${owner}/)${action}(?:@|$)`);
  return ({ uses }) => name.test(uses ?? '');
}

/** Names of secrets, and the workflow's token, that any text of a value reads. */
function secretsIn(value: unknown): readonly string[] {
  const text = JSON.stringify(value) ?? '';
  const named = [...text.matchAll(/secrets\.([\w-]+)/g)].map(([, name = '']) => name);
  const all = /secrets\s*\[|\(\s*secrets\s*[),]|secrets\s*\}\}/.test(text) ? ['(all)'] : [];
  return [...named, ...all, ...(/github\.token|GITHUB_TOKEN/.test(text) ? ['github.token'] : [])];
}

function foreignSecrets(value: unknown): readonly string[] {
  return secretsIn(value).filter((name) => !modelSecrets.includes(name));
}

function mentionsSecret(value: unknown): boolean {
  return value !== undefined && secretsIn(value).length > 0;
}
