import { createGitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { appJwt } from './app-jwt.ts';
import type { GitHubRoom, Reply } from './embedded-github-room.ts';

const repo = '/repos/octo/slug';

/** Visits every operation that the embedded GitHub serves at least once with success, as people, jobs and Apps do. */
export async function takeGitHubTour(room: GitHubRoom): Promise<void> {
  await visitPlaces(room);
  await visitIssues(room);
  await visitGit(room);
  const pull = await visitPulls(room);
  await visitReviews(room, pull);
  await visitChecks(room);
  await visitRuns(room);
  await visitApps(room);
  await visitHooks(room);
  await visitMerges(room, pull);
}

async function good(reply: Promise<Reply>): Promise<Reply> {
  const answered = await reply;
  if (answered.status >= 400) throw new Error(`the tour met ${answered.status}: ${answered.text}`);
  return answered;
}

async function visitPlaces({ ask }: GitHubRoom): Promise<void> {
  const places = [
    '/user',
    '/users/bob',
    '/rate_limit',
    '/user/repos',
    repo,
    `${repo}/collaborators`,
    `${repo}/assignees`,
  ];
  places.push(
    `${repo}/collaborators/bob`,
    `${repo}/collaborators/bob/permission`,
    '/orgs/octo/teams/agents/memberships/alice',
    `${repo}/branches`,
    `${repo}/branches/main`,
  );
  places.push(`${repo}/tags`, `${repo}/commits`, `${repo}/commits/main`);
  places.push(
    `${repo}/contents/src`,
    `${repo}/contents/src/slugify.ts?ref=main`,
    `${repo}/labels`,
    `${repo}/labels/bug`,
  );
  for (const place of places) await good(ask('GET', place));
}

async function visitIssues({ ask }: GitHubRoom): Promise<void> {
  const body = { title: 'slugify drops the last word', body: 'It does.', labels: ['bug'], assignees: ['alice'] };
  const issue = (await good(ask('POST', `${repo}/issues`, { body }))).json;
  const other = (await good(ask('POST', `${repo}/issues`, { body: { title: 'Other' } }))).json;
  const at = `${repo}/issues/${issue.number}`;
  await good(ask('GET', `${repo}/issues?state=all&labels=bug&sort=updated&direction=asc`));
  await good(
    ask('GET', '/search/issues?q=slugify+is:issue+repo:octo/slug&sort=created&order=asc&advanced_search=true'),
  );
  await good(ask('GET', at));
  await good(
    ask('PATCH', at, { body: { title: 'slugify drops the last word!', state: 'closed', state_reason: 'not_planned' } }),
  );
  await good(ask('PATCH', at, { body: { state: 'open' } }));
  await good(ask('PUT', `${at}/lock`, { body: { lock_reason: 'resolved' } }));
  await good(ask('DELETE', `${at}/lock`));
  await good(ask('DELETE', `${at}/assignees`, { body: { assignees: ['alice'] } }));
  await good(ask('POST', `${at}/assignees`, { body: { assignees: ['alice'] } }));

  const comment = (await good(ask('POST', `${at}/comments`, { body: { body: '/agent fix' } }))).json;
  const note = `${repo}/issues/comments/${comment.id}`;
  await good(ask('GET', `${at}/comments?per_page=100`));
  await good(ask('GET', `${repo}/issues/comments`));
  await good(ask('GET', note));
  await good(ask('PATCH', note, { body: { body: '/agent fix now' } }));
  for (const place of [at, note]) {
    const reaction = (await good(ask('POST', `${place}/reactions`, { body: { content: 'eyes' } }))).json;
    await good(ask('GET', `${place}/reactions`));
    await good(ask('DELETE', `${place}/reactions/${reaction.id}`));
  }
  await good(ask('DELETE', note));

  await good(ask('POST', `${repo}/labels`, { body: { name: 'agent', color: '00ff00', description: 'For agents' } }));
  await good(ask('PATCH', `${repo}/labels/agent`, { body: { color: '00ee00' } }));
  await good(ask('POST', `${repo}/milestones`, { body: { title: 'v1' } }));
  await good(ask('GET', `${repo}/milestones?state=open`));
  await good(ask('PATCH', at, { body: { milestone: 1 } }));
  await good(ask('PATCH', at, { body: { milestone: null } }));
  await good(ask('GET', `${at}/labels`));
  await good(ask('POST', `${at}/labels`, { body: { labels: ['agent', 'question'] } }));
  await good(ask('DELETE', `${at}/labels/question`));
  await good(ask('PUT', `${at}/labels`, { body: { labels: ['agent'] } }));
  await good(ask('DELETE', `${at}/labels`));
  await good(ask('DELETE', `${repo}/labels/agent`));

  await good(ask('POST', `${at}/dependencies/blocked_by`, { body: { issue_id: other.id } }));
  await good(ask('GET', `${at}/dependencies/blocked_by`));
  await good(ask('GET', `${repo}/issues/${other.number}/dependencies/blocking`));
  await good(ask('DELETE', `${at}/dependencies/blocked_by/${other.id}`));
  await good(ask('POST', `${at}/sub_issues`, { body: { sub_issue_id: other.id } }));
  await good(ask('GET', `${at}/sub_issues`));
  await good(ask('GET', `${repo}/issues/${other.number}/parent`));
  await good(ask('DELETE', `${at}/sub_issue`, { body: { sub_issue_id: other.id } }));
}

async function visitGit({ ask, head, github, tokens }: GitHubRoom): Promise<void> {
  const main = await head('main');
  const query = `query($owner:String!,$name:String!){repository(owner:$owner,name:$name){c0:object(oid:"${main}"){...on Commit{oid message tree{oid}}}}}`;
  await fetch(github.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.alice}` },
    body: JSON.stringify({ query, variables: { owner: 'octo', name: 'slug' } }),
  });
  const commit = (await good(ask('GET', `${repo}/git/commits/${main}`))).json;
  await good(ask('GET', `${repo}/git/trees/${commit.tree.sha}?recursive=1`));
  const blob = (await good(ask('POST', `${repo}/git/blobs`, { body: { content: 'aGk=', encoding: 'base64' } }))).json;
  await good(ask('GET', `${repo}/git/blobs/${blob.sha}`));
  const tree = [
    { path: 'src/new.ts', mode: '100644', type: 'blob', content: 'export {};\n' },
    { path: 'src/slugify.ts', mode: '100644', type: 'blob', content: 'export const changed = 1;\n' },
    { path: 'hi.txt', mode: '100755', type: 'blob', sha: blob.sha },
    { path: 'src/other.ts', mode: '100644', type: 'blob', sha: null },
  ];
  const written = (await good(ask('POST', `${repo}/git/trees`, { body: { base_tree: commit.tree.sha, tree } }))).json;
  const body = { message: 'Rework\n\nCloses #1', tree: written.sha, parents: [main] };
  const { sha } = (await good(ask('POST', `${repo}/git/commits`, { body }))).json;
  await good(ask('POST', `${repo}/git/refs`, { body: { ref: 'refs/heads/agent/1/f1-x', sha } }));
  await good(ask('POST', `${repo}/git/refs`, { body: { ref: 'refs/heads/gone', sha: main } }));
  await good(ask('PATCH', `${repo}/git/refs/heads/gone`, { body: { sha, force: false } }));
  await good(ask('DELETE', `${repo}/git/refs/heads/gone`));
  const named = { tag: 'v1', message: 'First', object: main, type: 'commit' };
  const tag = (await good(ask('POST', `${repo}/git/tags`, { body: named }))).json;
  await good(ask('POST', `${repo}/git/refs`, { body: { ref: 'refs/tags/v1', sha: tag.sha } }));
  await good(ask('GET', `${repo}/git/tags/${tag.sha}`));
  await good(ask('GET', `${repo}/git/matching-refs/heads/agent/`));
  await good(ask('GET', `${repo}/compare/main...agent/1/f1-x`));

  const content = Buffer.from('new\n').toString('base64');
  const put = await good(
    ask('PUT', `${repo}/contents/docs/a.md`, { body: { message: 'Add a', content, branch: 'agent/1/f1-x' } }),
  );
  const gone = { message: 'Drop a', sha: put.json.content.sha, branch: 'agent/1/f1-x' };
  await good(ask('DELETE', `${repo}/contents/docs/a.md`, { body: gone }));
}

async function visitPulls({ ask, head }: GitHubRoom): Promise<number> {
  const body = { title: 'Rework slugify', body: 'Closes #1', head: 'agent/1/f1-x', base: 'main', draft: false };
  const { number } = (await good(ask('POST', `${repo}/pulls`, { body }))).json;
  const at = `${repo}/pulls/${number}`;
  await good(ask('GET', `${repo}/pulls?state=open&head=octo:agent/1/f1-x&base=main`));
  await good(ask('GET', at));
  await good(ask('GET', at, { accept: 'application/vnd.github.v3.diff' }));
  await good(ask('GET', at, { accept: 'application/vnd.github.patch' }));
  await good(ask('PATCH', at, { body: { title: 'Rework slugify thoroughly' } }));
  await good(ask('GET', `${at}/files`));
  await good(ask('GET', `${at}/commits`));
  await good(ask('GET', `${repo}/commits/${await head('agent/1/f1-x')}/pulls`));
  await good(ask('POST', `${at}/requested_reviewers`, { body: { reviewers: ['bob'] } }));
  await good(ask('GET', `${at}/requested_reviewers`));
  await good(ask('DELETE', `${at}/requested_reviewers`, { body: { reviewers: ['bob'] } }));
  return number;
}

async function visitReviews(room: GitHubRoom, pull: number): Promise<void> {
  const { ask, head, tokens } = room;
  const at = `${repo}/pulls/${pull}`;
  const token = tokens.octo;
  const comments = [{ path: 'src/new.ts', line: 1, side: 'RIGHT', body: 'Why?' }];
  const review = (await good(ask('POST', `${at}/reviews`, { token, body: { body: 'See below', comments } }))).json;
  const own = `${at}/reviews/${review.id}`;
  await good(ask('GET', own, { token }));
  await good(ask('PUT', own, { token, body: { body: 'See below, please' } }));
  await good(ask('GET', `${own}/comments`, { token }));
  await good(ask('POST', `${own}/events`, { token, body: { event: 'REQUEST_CHANGES', body: 'Not yet' } }));
  await good(ask('PUT', `${own}/dismissals`, { token, body: { message: 'Done by now' } }));
  const pending = (await good(ask('POST', `${at}/reviews`, { token, body: { body: 'Never mind' } }))).json;
  await good(ask('DELETE', `${at}/reviews/${pending.id}`, { token }));
  await good(ask('GET', `${at}/reviews`));

  const commit_id = await head('agent/1/f1-x');
  const body = { body: 'A question', commit_id, path: 'src/slugify.ts', line: 1, side: 'RIGHT' };
  const comment = (await good(ask('POST', `${at}/comments`, { body }))).json;
  await good(ask('POST', `${at}/comments/${comment.id}/replies`, { token, body: { body: 'An answer' } }));
  await good(ask('GET', `${at}/comments`));
  await good(ask('GET', `${repo}/pulls/comments`));
  const note = `${repo}/pulls/comments/${comment.id}`;
  await good(ask('GET', note));
  await good(ask('PATCH', note, { body: { body: 'A better question' } }));
  const reaction = (await good(ask('POST', `${note}/reactions`, { body: { content: '+1' } }))).json;
  await good(ask('GET', `${note}/reactions`));
  await good(ask('DELETE', `${note}/reactions/${reaction.id}`));
  await visitThreads(room, pull);
  await good(ask('DELETE', note));
}

/** Closed and opened again; then a push that takes a line away. */
async function visitThreads(room: GitHubRoom, pull: number): Promise<void> {
  const api = createGitHubApi({
    repository: { owner: 'octo', name: 'slug' },
    apiUrl: room.github.apiUrl,
    userAgent: 'tour',
    token: room.tokens.alice,
    clock: { ...createSystemClock(), sleep: async () => {} },
    signal: new AbortController().signal,
    log: () => {},
  });
  const { reviews } = createGitHubForge(api);
  const [first] = await reviews.threads(pull);
  if (first === undefined) throw new Error('the tour made no conversation');
  await reviews.resolveThread(first.id);
  await reviews.reopenThread(first.id);
  await room.commit('agent/1/f1-x', { 'src/slugify.ts': 'export const changed = 2;\n' });
  await good(room.ask('GET', `${repo}/pulls/${pull}/comments`));
  const body = { title: 'A draft', head: 'agent/1/draft', base: 'main', draft: true };
  await room.commit('agent/1/draft', { 'draft.md': 'draft\n' });
  const { number } = (await good(room.ask('POST', `${repo}/pulls`, { body }))).json;
  await reviews.markReady(number);
  await good(room.ask('PATCH', `${repo}/pulls/${number}`, { body: { state: 'closed' } }));
}

async function visitChecks({ ask, head, job }: GitHubRoom): Promise<void> {
  const token = job({ checks: 'write', statuses: 'write' });
  const head_sha = await head('agent/1/f1-x');
  const made = (
    await good(ask('POST', `${repo}/check-runs`, { token, body: { name: 'test', head_sha, status: 'in_progress' } }))
  ).json;
  const annotations = [
    {
      path: 'src/new.ts',
      start_line: 1,
      end_line: 2,
      annotation_level: 'failure',
      message: 'expected 2',
      title: 'adds',
    },
  ];
  const output = { title: 'Tests', summary: '9 of 9', annotations };
  await good(ask('PATCH', `${repo}/check-runs/${made.id}`, { token, body: { conclusion: 'success', output } }));
  await good(ask('GET', `${repo}/check-runs/${made.id}`));
  await good(ask('GET', `${repo}/check-runs/${made.id}/annotations`));
  await good(ask('GET', `${repo}/commits/agent/1/f1-x/check-runs`));
  await good(ask('POST', `${repo}/statuses/${head_sha}`, { token, body: { state: 'success', context: 'ci/test' } }));
  // Of a person's token: what a job's own token writes starts nothing.
  await good(ask('POST', `${repo}/statuses/${head_sha}`, { body: { state: 'pending', context: 'jenkins' } }));
  await good(ask('GET', `${repo}/commits/${head_sha}/statuses`));
  await good(ask('GET', `${repo}/commits/${head_sha}/status`));
}

async function visitRuns({ ask, github, head }: GitHubRoom): Promise<void> {
  const repository = { owner: 'octo', name: 'slug' };
  const workflowPath = '.github/workflows/agent.yml';
  const described = {
    name: 'agent',
    event: 'issue_comment',
    title: 'slugify drops',
    headBranch: 'main',
    actor: 'alice',
  };
  const run = github.runs.create({ repository, workflowPath, ...described, headSha: await head('main') });
  const startedAt = '2026-11-02T12:00:00Z';
  const step = {
    name: 'Solve',
    number: 1,
    status: 'completed',
    conclusion: 'success',
    startedAt,
    completedAt: startedAt,
  } as const;
  const timed = { startedAt, completedAt: null, steps: [step] };
  github.runs.update(run.id, {
    status: 'in_progress',
    jobs: [{ name: 'agent', status: 'in_progress', conclusion: null, ...timed }],
  });
  const at = `${repo}/actions/runs/${run.id}`;
  await good(ask('GET', `${repo}/actions/runs?event=issue_comment`));
  await good(ask('GET', at));
  const { jobs } = (await good(ask('GET', `${at}/jobs`))).json;
  await good(ask('GET', `${repo}/actions/jobs/${jobs[0].id}`));
  const ended = { status: 'completed', conclusion: 'failure', ...timed, completedAt: startedAt } as const;
  github.runs.update(run.id, { jobs: [{ name: 'agent', ...ended }] });
  github.runs.setJobLog(run.id, 'agent', 'not ok 1\n');
  await good(ask('GET', `${repo}/actions/jobs/${jobs[0].id}/logs`));
  await good(ask('GET', `${repo}/commits/main/check-runs`));
  await good(ask('POST', `${at}/cancel`));
  await good(ask('GET', `${repo}/actions/workflows`));
  await good(ask('GET', `${repo}/actions/workflows/agent.yml`));
  const body = { ref: 'main', inputs: { issue: '1' } };
  const dispatches = `${repo}/actions/workflows/agent.yml/dispatches`;
  await good(ask('POST', dispatches, { body }));
  await good(ask('POST', dispatches, { body: { ...body, return_run_details: true } }));
  await good(ask('GET', `${repo}/actions/workflows/agent.yml/runs?event=workflow_dispatch&created=>=2026-01-01`));
  await good(ask('POST', `${repo}/dispatches`, { body: { event_type: 'agent', client_payload: { issue: 1 } } }));
}

async function visitApps(room: GitHubRoom): Promise<void> {
  const { ask, appKey, clock } = room;
  const token = appJwt(77, appKey, clock.now());
  await good(ask('GET', '/app', { token }));
  await good(ask('GET', '/app/installations/123', { token }));
  await good(ask('GET', `${repo}/installation`, { token }));
  const body = { repositories: ['slug'], permissions: { issues: 'write' } };
  const made = (await good(ask('POST', '/app/installations/123/access_tokens', { token, body }))).json;
  await good(ask('GET', '/installation/repositories', { token: made.token }));
  await good(ask('DELETE', '/installation/token', { token: made.token }));
  await good(ask('GET', '/app/installations?per_page=1', { token }));
  await visitAppHook(room, token);
  await visitManifest(room);
}

async function visitAppHook({ ask, github }: GitHubRoom, token: string): Promise<void> {
  const body = { url: `${github.url}/_nowhere`, content_type: 'json', secret: 'x' };
  await good(ask('PATCH', '/app/hook/config', { token, body }));
  await good(ask('GET', '/app/hook/config', { token }));
  await good(ask('POST', `${repo}/issues`, { body: { title: 'Heard by the App' } }));
  const [delivered] = await deliveriesOf(ask, '/app/hook/deliveries', token);
  const at = `/app/hook/deliveries/${delivered.id}`;
  await good(ask('GET', at, { token }));
  await good(ask('POST', `${at}/attempts`, { token }));
}

async function visitManifest({ ask, github }: GitHubRoom): Promise<void> {
  const manifest = {
    name: 'Entropy for octo',
    url: 'https://example.com',
    redirect_url: 'http://127.0.0.1:1/back',
    hook_attributes: { url: 'https://example.com/webhooks' },
    default_events: ['issues'],
    default_permissions: { issues: 'write' },
  };
  const form = new URLSearchParams({ manifest: JSON.stringify(manifest) });
  const sent = { method: 'POST', body: form, redirect: 'manual' } as const;
  const agreed = await fetch(`${github.url}/settings/apps/new?state=s`, sent);
  const code = new URL(agreed.headers.get('location') ?? '').searchParams.get('code');
  await good(ask('POST', `/app-manifests/${code}/conversions`, { token: '' }));
}

async function visitHooks({ ask, tokens, github }: GitHubRoom): Promise<void> {
  const token = tokens.octo;
  const config = { url: `${github.url}/_nowhere`, content_type: 'json', secret: 'x' };
  const hook = (await good(ask('POST', `${repo}/hooks`, { token, body: { config, events: ['issues'], active: true } })))
    .json;
  const at = `${repo}/hooks/${hook.id}`;
  await good(ask('GET', `${repo}/hooks`, { token }));
  await good(ask('GET', at, { token }));
  await good(ask('POST', `${repo}/issues`, { body: { title: 'Heard by the hook' } }));
  const delivered = await deliveriesOf(ask, `${at}/deliveries`, token);
  await good(ask('POST', `${at}/deliveries/${delivered[0].id}/attempts`, { token }));
  await good(ask('PATCH', at, { token, body: { active: false } }));
  await good(ask('DELETE', at, { token }));
}

/** Deliveries are made beside the request that caused them. */
async function deliveriesOf(ask: GitHubRoom['ask'], path: string, token: string) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const listed = (await good(ask('GET', path, { token }))).json;
    if (listed.length > 0) return listed;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the hook was never delivered to');
}

async function visitMerges({ ask, commit }: GitHubRoom, pull: number): Promise<void> {
  await commit('main', { 'docs/b.md': 'b\n' });
  await good(ask('PUT', `${repo}/pulls/${pull}/update-branch`, { body: {} }));
  await good(ask('PUT', `${repo}/pulls/${pull}/merge`, { body: { merge_method: 'squash' } }));
  await good(ask('GET', `${repo}/pulls/${pull}/merge`));
}
