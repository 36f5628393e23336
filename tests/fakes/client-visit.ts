import { createGitHubApi, type GitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createForgeHooks } from '../../src/adapters/github/forge-hooks.ts';
import { createForgeIssues } from '../../src/adapters/github/forge-issues.ts';
import { createGitRefsClaimStore } from '../../src/adapters/github/git-refs-claim-store.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { issueClaimKey } from '../../src/domain/claim.ts';
import type { GitHubRoom } from './embedded-github-room.ts';
import { sampleTeamRecord } from './sample-team-record.ts';

const repository = { owner: 'octo', name: 'slug' };

/** Our own client, every verb of it, with the token of a workflow job. Leaves its counts by endpoint. */
export async function visitWithClient(room: GitHubRoom): Promise<Readonly<Record<string, number>>> {
  const token = room.job({
    contents: 'write',
    issues: 'write',
    'pull-requests': 'write',
    actions: 'write',
    checks: 'read',
    statuses: 'read',
  });
  const api = createGitHubApi({ ...clientOptions(room), token });
  await visitForge(room, api);
  await visitReviews(room, api);
  await visitClaims(api);
  await visitIssues(room, api);
  // Webhooks are for administrators.
  const admin = createGitHubApi({ ...clientOptions(room), token: room.tokens.octo });
  await visitHooks(room, admin);
  return { ...api.requestCounts(), ...admin.requestCounts() };
}

function clientOptions(room: GitHubRoom) {
  return {
    repository,
    apiUrl: room.github.apiUrl,
    userAgent: 'embedded-github-check',
    // Pacing is for github.com.
    clock: { ...createSystemClock(), sleep: async () => {} },
    signal: new AbortController().signal,
    log: () => {},
  };
}

async function visitForge(room: GitHubRoom, api: GitHubApi): Promise<void> {
  const forge = createGitHubForge(api);
  const issue = (await room.ask('POST', '/repos/octo/slug/issues', { body: { title: 'For the client' } })).json.number;
  const main = await forge.defaultBranch();
  await forge.permissionOf('alice');
  await forge.permissionOf('nobody');
  await forge.isTeamMember({ org: 'octo', slug: 'agents' }, 'alice');
  await room.ask('GET', '/orgs/octo/teams/agents/memberships/alice');
  await forge.issue(issue);
  const comment = await forge.createComment(issue, 'working');
  await forge.updateComment(comment.id, 'still working');
  await forge.reactToComment(comment.id, 'eyes');
  await forge.comments(issue);
  await forge.comment(comment.id);
  await forge.deleteComment(comment.id);
  await forge.comment(comment.id);

  await forge.file('README.md', main);
  await forge.file('nowhere.md', main);
  await forge.branchHead('nowhere');
  await forge.branchesWithPrefix('agent/');
  const base = await forge.commit((await forge.branchHead(main)) ?? '');
  const blob = await forge.createBlob(new Uint8Array([0, 1, 2]));
  const tree = await forge.createTree(base.treeSha, [
    { kind: 'text', path: 'client.txt', mode: '100644', content: 'client\n' },
    { kind: 'blob', path: 'client.bin', mode: '100755', sha: blob },
    { kind: 'delete', path: 'README.md' },
  ]);
  const commit = await forge.createCommit({ message: 'From the client', treeSha: tree, parents: [base.sha] });
  await forge.changedPaths(commit.sha);
  await forge.createBranch('agent/9/f1-client', commit.sha);
  await forge.createBranch('agent/9/f1-client', commit.sha);
  const next = await forge.createCommit({ message: 'And more', treeSha: tree, parents: [commit.sha] });
  await forge.updateBranch('agent/9/f1-client', next.sha);
  await forge.updateBranch('agent/9/f1-client', base.sha);
  const pull = {
    title: 'From the client',
    body: `Closes #${issue}`,
    head: 'agent/9/f1-client',
    base: main,
    draft: true,
  };
  const made = await forge.createPullRequest(pull);
  await forge.createPullRequest(pull);
  await forge.openPullRequests('agent/9/f1-client');
  if (made.kind === 'created') {
    await forge.pullRequest(made.pull.number);
    await forge.updatePullRequest(made.pull.number, { body: 'Changed' });
    await forge.mergePullRequest(made.pull.number, { sha: base.sha, method: 'squash' });
    await forge.updatePullRequest(made.pull.number, { state: 'closed' });
    await forge.isOwnAuthor(made.pull.author);
  }
  await forge.pullRequest(99_999);

  const run = {
    workflowPath: '.github/workflows/agent.yml',
    name: 'agent',
    event: 'push',
    title: 'x',
    headBranch: main,
  };
  const { id } = room.github.runs.create({ repository, ...run, headSha: base.sha, actor: 'alice' });
  await forge.workflowRun(id);
  await forge.cancelWorkflowRun(id);
  await forge.workflowRun(1);
}

async function visitReviews(room: GitHubRoom, api: GitHubApi): Promise<void> {
  const { reviews, checks, labels, team, ...forge } = createGitHubForge(api);
  const head = 'agent/9/f2-client';
  const sha = await room.commit(head, { 'client.ts': 'one\ntwo\n' });
  const asked = { title: 'To be reviewed', body: '', head, base: 'main', draft: true };
  const number: number = (await room.ask('POST', '/repos/octo/slug/pulls', { body: asked })).json.number;
  await forge.mergeBase('main', sha);
  await forge.filesIn('src', 'main');
  await forge.filesIn('nowhere', 'main');
  await reviews.files(number);
  const place = { path: 'client.ts', line: 2, startLine: 1, body: 'Why two?' };
  const review = { commitSha: sha, body: 'See below', comments: [place] };
  const made = await reviews.create(number, { ...review, event: 'REQUEST_CHANGES' });
  await reviews.create(number, { ...review, event: 'COMMENT', comments: [{ ...place, line: 99 }] });
  await reviews.reviews(number);
  const [comment] = await reviews.comments(number);
  if (comment !== undefined) await reviews.reply(number, comment.id, 'Fixed.');
  const [thread] = await reviews.threads(number);
  if (thread !== undefined) await reviews.resolveThread(thread.id);
  if (thread !== undefined) await reviews.reopenThread(thread.id);
  if (made.kind === 'created') await reviews.dismiss(number, made.review.id, 'Done by now');
  await reviews.markReady(number);
  await reviews.markReady(number);

  const token = room.job({ checks: 'write', statuses: 'write' });
  const output = {
    ...{ title: 'Tests', summary: '1 failed' },
    annotations: [{ path: 'client.ts', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'no' }],
  };
  const check = { name: 'lint', head_sha: sha, conclusion: 'failure', output };
  await room.ask('POST', '/repos/octo/slug/check-runs', { token, body: check });
  await room.ask('POST', `/repos/octo/slug/statuses/${sha}`, { token, body: { state: 'pending', context: 'ci' } });
  for (const each of await checks.of(sha)) await checks.annotations(each);
  await checks.jobLog(1, 100);

  await labels.create({ name: 'agent', color: '00ff00', description: 'For agents' });
  await labels.create({ name: 'agent', color: '00ff00', description: 'For agents' });
  await labels.add(number, ['agent']);
  await labels.remove(number, 'agent');
  await labels.remove(number, 'agent');

  const record = sampleTeamRecord({ issue: number });
  const first = await team.swap(number, { seen: undefined, record });
  await team.swap(number, { seen: undefined, record });
  if (first.kind === 'stored') await team.swap(number, { seen: first.id, record: { ...record, tries: 1 } });
  await team.read(number);
  await team.issues();
}

async function visitClaims(api: GitHubApi): Promise<void> {
  let next = 0;
  const store = createGitRefsClaimStore({ api, newId: () => `id-${next++}` });
  const key = issueClaimKey('octo', 'slug', 1);
  const holder = { owner: 'coder', runId: 'run-1', kind: 'agent', reason: 'fix' } as const;
  const ask = { key, holder, leaseId: 'lease-1', ttlMs: 60_000, holderIsDead: async () => false };
  const first = await store.acquire(ask);
  await store.acquire({ ...ask, leaseId: 'lease-2' });
  await store.read(key);
  if (first.kind !== 'granted') throw new Error('nobody else holds the claim, and it was refused');
  await store.renew(first.lease, 60_000);
  await store.beginEffect(first.lease, 'branch');
  for await (const _ of store.list({})) break;
  await store.release(first.lease);
}

async function visitIssues(room: GitHubRoom, api: GitHubApi): Promise<void> {
  const issues = createForgeIssues(api);
  const open = async (title: string): Promise<number> =>
    (await room.ask('POST', '/repos/octo/slug/issues', { body: { title, body: 'For the client.' } })).json.number;
  const [blocked, blocker] = [await open('Waits'), await open('First')];
  const place = { repository, number: blocker };
  await issues.addBlockedBy(blocked, place);
  await issues.addBlockedBy(blocked, place);
  await issues.addBlockedBy(blocker, { repository, number: blocked });
  await issues.addBlockedBy(blocked, { repository, number: 99_999 });
  await issues.blockedBy(blocked);
  await issues.blocking(blocker);
  await issues.removeBlockedBy(blocked, place);
  await issues.removeBlockedBy(blocked, place);
  const child = (await room.ask('GET', `/repos/octo/slug/issues/${blocker}`)).json.id;
  await room.ask('POST', `/repos/octo/slug/issues/${blocked}/sub_issues`, { body: { sub_issue_id: child } });
  await issues.subIssues(blocked);
  await issues.parent(blocker);
  await issues.parent(blocked);
  await issues.find(place);
  await issues.search({ search: 'first -commenter:bob', order: { by: 'updated', direction: 'asc' } });
  for await (const _ of issues.changedSince('2020-01-01T00:00:00Z')) break;
}

async function visitHooks(room: GitHubRoom, api: GitHubApi): Promise<void> {
  const hooks = createForgeHooks(api);
  const url = `${room.github.url}/nobody-listens`;
  const { id } = await hooks.create({ url, events: ['issues'], secret: 'test' });
  await hooks.update(id, { url, events: ['issues', 'workflow_run'], secret: 'test' });
  await hooks.list();
  await room.ask('POST', '/repos/octo/slug/issues', { body: { title: 'Told' } });
  for (let tries = 0; tries < 200 && (await hooks.deliveries(id, 10)).length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [first] = await hooks.deliveries(id, 10);
  if (first !== undefined) await hooks.redeliver(id, first.id);
  await hooks.redeliver(id, 1);
  await hooks.delete(id);
  await hooks.delete(id);
}
