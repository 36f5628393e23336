import { defaultSettings } from '../domain/settings.ts';
import type { Check, DoctorWorld, Finding, GitHubAnswer, ReadGitHub } from './doctor-world.ts';

const repo = 'GET /repos/{owner}/{repo}';
const blindFix = "an admin of the repository sees more: run doctor with an admin's token";

/** What GitHub says about the repository; every answer that the token may not see is told as such. */
export const githubChecks: readonly Check[] = [
  { id: 'token', title: 'GitHub token', look: (world) => withGitHub(world, lookAtToken) },
  { id: 'actions', title: 'GitHub Actions', look: (world) => withGitHub(world, lookAtActions) },
  { id: 'pull-requests', title: 'pull requests', look: (world) => withGitHub(world, lookAtPullRequests) },
  { id: 'secret', title: 'secret', look: (world) => withGitHub(world, lookAtSecret) },
  { id: 'branch-rules', title: 'branch rules', look: (world) => withGitHub(world, (read) => lookAtRules(read, world)) },
  { id: 'labels', title: 'labels', look: (world) => withGitHub(world, (read) => lookAtLabel(read, world)) },
];

async function withGitHub(world: DoctorWorld, look: (read: ReadGitHub) => Promise<Finding>): Promise<Finding> {
  if (world.github !== undefined) return look(world.github);
  // Why is told once, by the first check of GitHub.
  if (look !== lookAtToken) return { status: 'skip', detail: 'not looked at' };
  if (!world.hasToken) {
    return { status: 'skip', detail: 'no token here', fix: 'export GITHUB_TOKEN="$(gh auth token)" and run it again' };
  }
  const detail = `the repository is not on ${world.githubServerUrl}, so the token is not shown to its host`;
  return { status: 'skip', detail, fix: 'for GitHub Enterprise set GITHUB_SERVER_URL and GITHUB_API_URL' };
}

async function lookAtToken(read: ReadGitHub): Promise<Finding> {
  const answer = await read(repo);
  if (answer.status !== 200) {
    const detail = `GitHub answered ${answer.status}: the repository is not there, or the token may not see it`;
    return { status: 'fail', detail, fix: 'check the remote, and give the token access to this repository' };
  }
  const archived = field(answer, 'archived') === true;
  if (archived) return { status: 'fail', detail: 'the repository is archived', fix: 'unarchive it in its settings' };
  if (field(answer, 'has_issues') === false) {
    return { status: 'fail', detail: 'issues are turned off', fix: 'Settings → General → Features → Issues' };
  }
  const rights = field(answer, 'permissions');
  const can = (right: string): boolean =>
    typeof rights === 'object' &&
    rights !== null &&
    Object.entries(rights).some(([name, yes]) => name === right && yes === true);
  if (can('push')) return { status: 'ok', detail: can('admin') ? 'may administer' : 'may write' };
  const fix = 'enough for a look; to run agents from here the token needs contents, issues and pull requests: write';
  return { status: 'warn', detail: 'may only read', fix };
}

async function lookAtActions(read: ReadGitHub): Promise<Finding> {
  const answer = await read(`${repo}/actions/permissions`);
  if (answer.status !== 200) return unseen('whether Actions may run', answer);
  if (field(answer, 'enabled') !== true) {
    return {
      status: 'fail',
      detail: 'Actions are turned off',
      fix: 'Settings → Actions → General → Allow all actions',
    };
  }
  const allowed = field(answer, 'allowed_actions');
  if (allowed === 'local_only') {
    const fix = 'Settings → Actions → General: allow entropy-playground/* and actions/*';
    return { status: 'fail', detail: "only this owner's own actions are allowed", fix };
  }
  if (allowed !== 'selected') return { status: 'ok', detail: 'enabled, all actions allowed' };
  return {
    status: 'warn',
    detail: 'only selected actions are allowed',
    fix: 'allow entropy-playground/* and actions/*',
  };
}

async function lookAtPullRequests(read: ReadGitHub): Promise<Finding> {
  const answer = await read(`${repo}/actions/permissions/workflow`);
  if (answer.status !== 200) return unseen('whether Actions may open pull requests', answer);
  if (field(answer, 'can_approve_pull_request_reviews') === true) {
    return { status: 'ok', detail: 'Actions may open them' };
  }
  const fix =
    'Settings → Actions → General → Workflow permissions → "Allow GitHub Actions to create and approve pull requests"';
  return { status: 'fail', detail: 'Actions may not open pull requests here', fix };
}

async function lookAtSecret(read: ReadGitHub): Promise<Finding> {
  const name = 'ANTHROPIC_API_KEY';
  const own = await read(`${repo}/actions/secrets/{secret_name}`, { secret_name: name });
  if (own.status === 200) return { status: 'ok', detail: `${name} is set in the repository` };
  if (own.status !== 404) return unseen(`whether the secret ${name} is there`, own);
  const shared = await read(`${repo}/actions/organization-secrets`, { per_page: 100 });
  const listed = field(shared, 'secrets');
  const inherited = Array.isArray(listed) && listed.some((secret: unknown) => named(secret) === name);
  if (inherited) return { status: 'ok', detail: `${name} is set in the organisation` };
  return { status: 'fail', detail: `the secret ${name} is not set`, fix: `gh secret set ${name}` };
}

/** Rules of type … keep an agent from making its branch, or GitHub from taking its commits. */
const hindering: Readonly<Record<string, string>> = {
  creation: 'new branches are restricted',
  branch_name_pattern: 'names of branches must follow a pattern',
  commit_message_pattern: 'messages of commits must follow a pattern',
  commit_author_email_pattern: 'addresses of authors must follow a pattern',
  committer_email_pattern: 'addresses of committers must follow a pattern',
  required_status_checks: 'a push needs passed checks',
  pull_request: 'a push needs a pull request',
};

async function lookAtRules(read: ReadGitHub, world: DoctorWorld): Promise<Finding> {
  const { branchPrefix } = await settingsOf(world);
  const branch = `${branchPrefix}1/f1-check`;
  const answer = await read(`${repo}/rules/branches/{branch}`, { branch });
  if (answer.status !== 200 || !Array.isArray(answer.data)) return unseen('the rules for branches', answer);
  const found = answer.data.map(typeOf).filter((type) => Object.hasOwn(hindering, type));
  if (found.length === 0) return { status: 'ok', detail: `no rule hinders ${branchPrefix}…` };
  const told = [...new Set(found)].map((type) => hindering[type]).join('; ');
  const fix = `Settings → Rules → Rulesets: exclude ${branchPrefix}**, or let GitHub Actions bypass it`;
  return { status: 'warn', detail: `for ${branchPrefix}…: ${told}`, fix };
}

async function lookAtLabel(read: ReadGitHub, world: DoctorWorld): Promise<Finding> {
  const { labelTrigger } = await settingsOf(world);
  const answer = await read(`${repo}/labels/{name}`, { name: labelTrigger });
  if (answer.status === 200) return { status: 'ok', detail: `the label "${labelTrigger}" is there` };
  if (answer.status !== 404) return unseen('the labels', answer);
  const fix = `gh label create '${labelTrigger}' --description 'An agent works on this'`;
  return { status: 'warn', detail: `there is no label "${labelTrigger}"; comments work without it`, fix };
}

/** A broken configuration is another check's finding; here the defaults do. */
async function settingsOf(world: DoctorWorld) {
  const { mergeSettings } = await import('../domain/settings.ts');
  const { parseRepositoryConfig, repositoryConfigPath } = await import('./repository-config.ts');
  const text = await world.readText(repositoryConfigPath);
  const layer = text === undefined ? undefined : await parseRepositoryConfig(text).catch(() => undefined);
  return layer === undefined ? defaultSettings : mergeSettings([layer]).values;
}

function unseen(what: string, answer: GitHubAnswer): Finding {
  return { status: 'skip', detail: `the token may not see ${what} (${answer.status})`, fix: blindFix };
}

function field(answer: GitHubAnswer, name: string): unknown {
  const { data } = answer;
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, name)) return undefined;
  return (data as Readonly<Record<string, unknown>>)[name];
}

function named(entry: unknown): string | undefined {
  return typeof entry === 'object' && entry !== null && 'name' in entry ? String(entry.name) : undefined;
}

function typeOf(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'type' in entry ? String(entry.type) : '';
}
