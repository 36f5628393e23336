import {
  apiOf,
  type Json,
  label,
  milestone,
  octoSlug,
  type Place,
  reactions,
  repository,
  user,
} from './payload-parts.ts';

export interface IssueText {
  readonly number?: number;
  readonly title?: string;
  readonly body?: string | null;
  readonly isPull?: boolean;
  readonly labels?: readonly string[];
}

export const installationId = 4_711;

export function issue(text: IssueText = {}, place: Place = octoSlug): Json {
  const { number = 42, title = 'Titles with ß are cut', body = 'See the steps below.', isPull = false } = text;
  const url = `${apiOf(place)}/issues/${number}`;
  const html = `${place.web}/${place.owner}/${place.name}/${isPull ? 'pull' : 'issues'}/${number}`;
  return {
    url,
    repository_url: apiOf(place),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: 444_500_041,
    node_id: 'MDU6SXNzdWU0NDQ1MDAwNDE=',
    number,
    title,
    user: user('outsider', place),
    labels: (text.labels ?? ['bug', 'agent']).map((name) => label(name, place)),
    state: 'open',
    locked: false,
    assignee: user('mona', place),
    assignees: [user('mona', place), user('hubot', place)],
    milestone: milestone('spring', place),
    comments: 7,
    created_at: '2026-11-18T09:30:00Z',
    updated_at: '2026-11-21T10:15:02Z',
    closed_at: null,
    author_association: 'NONE',
    active_lock_reason: null,
    body,
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
    ...(isPull && {
      draft: false,
      pull_request: { url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: null },
    }),
  };
}

export function comment(body: string, place: Place = octoSlug): Json {
  const url = `${apiOf(place)}/issues/comments/99262140`;
  return {
    url,
    html_url: `${place.web}/${place.owner}/${place.name}/issues/42#issuecomment-99262140`,
    issue_url: `${apiOf(place)}/issues/42`,
    id: 99_262_140,
    node_id: 'MDEyOklzc3VlQ29tbWVudDk5MjYyMTQw',
    user: user('mona', place),
    created_at: '2026-11-21T10:15:02Z',
    updated_at: '2026-11-21T10:15:02Z',
    author_association: 'MEMBER',
    body,
    reactions: reactions(url),
    performed_via_github_app: null,
  };
}

/** What every payload of an App ends with. */
export function scene(place: Place = octoSlug, sender = 'mona'): Json {
  const organization = `${place.api}/orgs/${place.owner}`;
  return {
    repository: repository(place),
    organization: {
      login: place.owner,
      id: 6_811_672,
      node_id: 'MDEyOk9yZ2FuaXphdGlvbjY4MTE2NzI=',
      url: organization,
      repos_url: `${organization}/repos`,
      events_url: `${organization}/events`,
      hooks_url: `${organization}/hooks`,
      issues_url: `${organization}/issues`,
      members_url: `${organization}/members{/member}`,
      public_members_url: `${organization}/public_members{/member}`,
      avatar_url: 'https://avatars.githubusercontent.com/u/6811672?v=4',
      description: null,
    },
    sender: user(sender, place),
    installation: { id: installationId, node_id: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNDcxMQ==' },
  };
}

export interface Delivered {
  readonly event: string;
  readonly payload: Json;
}

export function labeled(name = 'agent', text: IssueText = {}, place: Place = octoSlug): Delivered {
  const payload = { action: 'labeled', issue: issue(text, place), label: label(name, place), ...scene(place) };
  return { event: 'issues', payload };
}

/** As large as a longer bug report makes it: 25 KB. */
export function labeledOf25Kb(): Delivered {
  const bare = JSON.stringify(labeled('agent', { body: '' }).payload).length;
  const line =
    '1. Call `slugify("Straße № 7 – ½ Preis")`\n2. Expect "strasse-no-7-half-preis", see "strae-no-7-preis"\n\n';
  const body = line.repeat(400);
  const room = 25 * 1024 - bare;
  let end = 0;
  for (let step = 1 << 14; step >= 1; step >>= 1) {
    if (Buffer.byteLength(JSON.stringify(body.slice(0, end + step))) - 2 <= room) end += step;
  }
  return labeled('agent', { body: body.slice(0, end) });
}

export function commented(body: string, action = 'created', text: IssueText = {}): Delivered {
  return { event: 'issue_comment', payload: { action, issue: issue(text), comment: comment(body), ...scene() } };
}

/** GitHub's `pull_request`, as far as it differs from an issue in what anybody here looks at. */
export function pullRequest(action = 'opened', text: IssueText = {}): Delivered {
  const { reactions: _none, pull_request: _link, ...pull } = issue({ number: 43, ...text });
  const branch = (ref: string) => ({
    label: `octo:${ref}`,
    ref,
    sha: 'a'.repeat(40),
    user: user('octo'),
    repo: repository(octoSlug),
  });
  const payload = {
    action,
    number: 43,
    pull_request: { ...pull, head: branch('agent/42/f1-titles'), base: branch('main'), merged: false },
    ...scene(),
  };
  return { event: 'pull_request', payload };
}

/** From the side of the issue that waits; the other one may be of another repository. */
export function blockedBy(action = 'blocked_by_added', other: Place = octoSlug): Delivered {
  const payload = {
    action,
    blocked_issue_id: 1,
    blocked_issue: { ...issue({ number: 42 }), issue_dependencies_summary: summary },
    blocking_issue_id: 2,
    blocking_issue: { ...issue({ number: 7, body: null }, other), sub_issues_summary: { total: 1, completed: 0 } },
    blocking_issue_repo: repository(other),
    ...scene(),
  };
  return { event: 'issue_dependencies', payload };
}

const summary = { blocked_by: 1, total_blocked_by: 1, blocking: 0, total_blocking: 0 };

export function subIssue(action = 'sub_issue_added', other: Place = octoSlug): Delivered {
  const payload = {
    action,
    parent_issue_id: 1,
    parent_issue: issue({ number: 40 }),
    sub_issue_id: 2,
    sub_issue: issue({ number: 41 }, other),
    sub_issue_repo: repository(other),
    ...scene(),
  };
  return { event: 'sub_issues', payload };
}

export function workflowRun(action = 'completed'): Delivered {
  const workflow_run = {
    id: 289_782_451,
    name: 'agent',
    head_branch: 'main',
    head_sha: 'a'.repeat(40),
    head_repository: repository(octoSlug),
    run_number: 8,
    run_attempt: 1,
    event: 'workflow_dispatch',
    status: action === 'completed' ? 'completed' : 'in_progress',
    conclusion: action === 'completed' ? 'failure' : null,
    url: `${apiOf(octoSlug)}/actions/runs/289782451`,
    jobs_url: `${apiOf(octoSlug)}/actions/runs/289782451/jobs`,
    repository: repository(octoSlug),
  };
  return { event: 'workflow_run', payload: { action, workflow_run, workflow: {}, ...scene() } };
}

/** A review of a pull request, and a comment on one of its lines. */
export function reviewed(state = 'changes_requested', action = 'submitted', body = 'Please see the tests.'): Delivered {
  const { pull_request } = pullRequest().payload;
  const review = { id: 80, node_id: 'x', user: user('mona'), body, state, submitted_at: '2026-11-21T10:15:02Z' };
  const html_url = `${octoSlug.web}/octo/slug/pull/43#pullrequestreview-80`;
  return {
    event: 'pull_request_review',
    payload: { action, review: { ...review, html_url }, pull_request, ...scene() },
  };
}

export function lineCommented(body = 'Why not `at`?', action = 'created'): Delivered {
  const { pull_request } = pullRequest().payload;
  const onLine = { ...comment(body), path: 'src/slug.ts', line: 7, pull_request_review_id: 80 };
  return { event: 'pull_request_review_comment', payload: { action, comment: onLine, pull_request, ...scene() } };
}

export function checkRun(branch = 'agent/42/f1-titles', conclusion = 'failure', action = 'completed'): Delivered {
  const check_run = {
    id: 128_620_228,
    name: 'build',
    head_sha: 'a'.repeat(40),
    status: 'completed',
    conclusion,
    html_url: `${octoSlug.web}/octo/slug/runs/128620228`,
    check_suite: { id: 118_578_147, head_branch: branch, head_sha: 'a'.repeat(40) },
    pull_requests: [],
  };
  return { event: 'check_run', payload: { action, check_run, ...scene() } };
}

export function statusTold(branch = 'agent/42/f1-titles', state = 'failure'): Delivered {
  const sha = 'a'.repeat(40);
  const url = `${octoSlug.api}/repos/octo/slug/commits/${sha}`;
  const payload = {
    ...{ id: 17_702_917_501, sha, state, name: 'octo/slug', context: 'ci/jenkins', description: '2 of 9 tests failed' },
    ...{ target_url: 'https://ci.example.com/job/7', avatar_url: 'https://avatars.githubusercontent.com/oa/1?v=4' },
    ...{ commit: { sha, url, html_url: `${octoSlug.web}/octo/slug/commit/${sha}`, parents: [] } },
    ...{ branches: [{ name: branch, commit: { sha, url }, protected: false }] },
    ...{ created_at: '2026-11-02T14:00:00+00:00', updated_at: '2026-11-02T14:00:00+00:00' },
  };
  return { event: 'status', payload: { ...payload, ...scene() } };
}

export function pushed(ref = 'refs/heads/main'): Delivered {
  const head = { id: 'b'.repeat(40), tree_id: 'c'.repeat(40), message: 'Fold two loops into one', distinct: true };
  const by = { name: 'Alice', email: 'alice@example.com', username: 'alice' };
  const files = { added: [], removed: [], modified: ['src/slugify.ts'] };
  const url = `${octoSlug.web}/octo/slug/commit/${head.id}`;
  const commit = { ...head, timestamp: '2026-11-02T14:00:00Z', url, author: by, committer: by, ...files };
  const flags = { created: false, deleted: false, forced: false, base_ref: null };
  const range = { before: 'a'.repeat(40), after: head.id, compare: `${octoSlug.web}/octo/slug/compare/a...b` };
  const payload = { ref, ...range, ...flags, pusher: { name: 'alice' }, commits: [commit], head_commit: commit };
  return { event: 'push', payload: { ...payload, ...scene() } };
}

export function repositoryDispatch(client_payload: Json, action = 'entropy-agent'): Delivered {
  return { event: 'repository_dispatch', payload: { action, branch: 'main', client_payload, ...scene() } };
}

export function ping(): Delivered {
  return {
    event: 'ping',
    payload: { zen: 'Half measures are as bad as nothing at all.', hook_id: 1, hook: { type: 'App' } },
  };
}

export function installationCreated(): Delivered {
  const payload = {
    action: 'created',
    installation: { id: installationId, account: user('octo') },
    sender: user('mona'),
  };
  return { event: 'installation', payload };
}

/** One of each that is read by somebody. */
export function everyDelivery(): readonly Delivered[] {
  const elsewhere: Place = { ...octoSlug, name: 'parser' };
  const issueActions = ['opened', 'edited', 'closed', 'reopened', 'labeled', 'unlabeled', 'deleted', 'transferred'];
  return [
    labeledOf25Kb(),
    ...issueActions.map((action) => ({ event: 'issues', payload: { ...labeled().payload, action } })),
    ...['created', 'edited', 'deleted'].map((action) => commented('/agent fix', action)),
    commented('Thank you', 'created', { isPull: true }),
    ...['opened', 'synchronize', 'closed'].map((action) => pullRequest(action)),
    { event: 'pull_request', payload: { ...pullRequest('labeled').payload, label: label('agent', octoSlug) } },
    { event: 'issues', payload: { ...labeled().payload, action: 'assigned', assignee: user('hubot') } },
    ...['blocked_by_added', 'blocked_by_removed', 'blocking_added', 'blocking_removed'].map((action) =>
      blockedBy(action),
    ),
    blockedBy('blocked_by_added', elsewhere),
    ...['sub_issue_added', 'sub_issue_removed', 'parent_issue_added'].map((action) => subIssue(action)),
    subIssue('sub_issue_added', elsewhere),
    workflowRun(),
    reviewed(),
    reviewed('commented'),
    lineCommented(),
    checkRun(),
    checkRun('agent/42/f1-titles', 'success'),
    statusTold(),
    pushed(),
    repositoryDispatch({ issue: 42, command: 'fix' }),
    repositoryDispatch({ issue: '#42' }),
  ];
}
