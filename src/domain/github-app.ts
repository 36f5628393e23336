import { mirroredEvents } from './coordination/mirrored-events.ts';

/** What the GitHub App of a deployment may do and is told, each with its reason. One source: the manifest, the docs and the checks are made from it. */

export interface AppPermission {
  /** As GitHub's API writes it. */
  readonly name: string;
  /** As its settings page writes it. */
  readonly title: string;
  readonly level: 'read' | 'write';
  readonly reason: string;
}

export interface AppEvent {
  readonly name: string;
  readonly reason: string;
}

/** Nothing of an organisation, and nothing that could change a workflow file, a secret or a setting. */
export const appPermissions: readonly AppPermission[] = [
  {
    name: 'actions',
    title: 'Actions',
    level: 'write',
    reason: 'starts the workflow of an admitted run (`workflow_dispatch`), asks whether it still lives, cancels it',
  },
  {
    name: 'checks',
    title: 'Checks',
    level: 'read',
    reason: "hears of checks that fail on an agent's branch, and reads why",
  },
  {
    name: 'contents',
    title: 'Contents',
    level: 'write',
    reason: "reads settings and instructions on the base branch; writes the agent's branch and commit",
  },
  {
    name: 'issues',
    title: 'Issues',
    level: 'write',
    reason: 'reads the issue and what it waits for; acknowledges and reports in comments',
  },
  {
    name: 'metadata',
    title: 'Metadata',
    level: 'read',
    reason: 'who may do what in a repository; GitHub gives it to every App',
  },
  {
    name: 'pull_requests',
    title: 'Pull requests',
    level: 'write',
    reason: "finds, opens and updates the agent's own pull request; reviews others",
  },
  {
    name: 'statuses',
    title: 'Commit statuses',
    level: 'read',
    reason: 'reads what older kinds of checks say about a commit',
  },
];

const reasons: Readonly<Record<(typeof mirroredEvents)[number], string>> = {
  issues: 'a label starts an agent; titles, labels and states of tasks follow',
  issue_comment: 'a command such as `/agent fix`; `/agent stop` is heard at once',
  pull_request: "a task is done when the agent's pull request is merged; a label asks for a review",
  sub_issues: 'a task waits for its sub-issues',
  issue_dependencies: 'a task waits for what blocks it',
  workflow_run: 'a run whose workflow ended without a word is noticed in seconds',
};

/** Besides these GitHub tells every App when it is installed, and for which repositories. */
export const appEvents: readonly AppEvent[] = [
  ...mirroredEvents.map((name) => ({ name, reason: reasons[name] })),
  { name: 'pull_request_review', reason: "a review that requests changes sends the agent's coder again" },
  { name: 'pull_request_review_comment', reason: 'a command or a remark on a line of a pull request' },
  { name: 'check_run', reason: "a check that fails on an agent's branch sends its coder again" },
  { name: 'status', reason: 'the same of older kinds of checks (Jenkins and others)' },
  { name: 'push', reason: "a base that goes on may conflict with an agent's pull request; its coder merges it then" },
  // Told to Apps alone: a repository's own webhook cannot ask for it.
  { name: 'repository_dispatch', reason: 'another program asks for an agent (`entropy-agent`)' },
];

export interface AppWishes {
  /** Unique on the server; at most 34 characters. */
  readonly name: string;
  /** Where people read what it is. */
  readonly homepage: string;
  /** Where GitHub sends the browser with the code. */
  readonly redirectUrl: string;
}

/**
 * The webhook's address is known only after the stack is there, and GitHub wants one to make the App with its webhook switched on,
 * which no API can do later. Nothing is installed yet, so nothing but GitHub's own ping goes there.
 */
export const addressUntilDeployed = 'https://example.com/entropy-playground/not-deployed-yet';
export const appNameLimit = 34;

/** What is posted to GitHub's page for new Apps: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export function appManifest({ name, homepage, redirectUrl }: AppWishes): Readonly<Record<string, unknown>> {
  return {
    name,
    url: homepage,
    description: 'AI agents that work on issues: claimed, sandboxed, tested, honest.',
    hook_attributes: { url: addressUntilDeployed, active: true },
    redirect_url: redirectUrl,
    public: false,
    default_permissions: Object.fromEntries(appPermissions.map((permission) => [permission.name, permission.level])),
    default_events: appEvents.map((event) => event.name),
  };
}

export type AppOwner = { readonly kind: 'person' } | { readonly kind: 'organization'; readonly login: string };

/** GitHub's page for new Apps; `state` comes back with the code, so that nobody else's App is taken for ours. */
export function newAppPage(serverUrl: string, owner: AppOwner, state: string): string {
  const base = serverUrl.replace(/\/$/, '');
  const place = owner.kind === 'person' ? '' : `/organizations/${encodeURIComponent(owner.login)}`;
  return `${base}${place}/settings/apps/new?state=${encodeURIComponent(state)}`;
}

/** Where a person installs the App for repositories. */
export function installPage(appPage: string): string {
  return `${appPage.replace(/\/$/, '')}/installations/new`;
}

/** What an App lacks of what it needs, or was given too little of. More than needed is nobody's harm here and is told elsewhere. */
export function missingOfApp(given: {
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
}): readonly string[] {
  const lacks = appPermissions
    .filter(({ name, level }) => given.permissions[name] !== 'write' && given.permissions[name] !== level)
    .map(({ title, level }) => `permission ${title}: ${level === 'write' ? 'read and write' : 'read-only'}`);
  const unheard = appEvents.filter(({ name }) => !given.events.includes(name)).map(({ name }) => `event ${name}`);
  return [...lacks, ...unheard];
}
