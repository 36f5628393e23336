import { createGitHubApi, type GitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createGitRefsClaimStore } from '../../src/adapters/github/git-refs-claim-store.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { issueClaimKey } from '../../src/domain/claim.ts';
import type { GitHubRoom } from './embedded-github-room.ts';

const repository = { owner: 'octo', name: 'slug' };

/** Our own client, every verb of it, with the token of a workflow job. Leaves its counts by endpoint. */
export async function visitWithClient(room: GitHubRoom): Promise<Readonly<Record<string, number>>> {
  const token = room.job({ contents: 'write', issues: 'write', 'pull-requests': 'write', actions: 'write' });
  const api = createGitHubApi({
    token,
    repository,
    apiUrl: room.github.apiUrl,
    userAgent: 'embedded-github-check',
    // Pacing is for github.com.
    clock: { ...createSystemClock(), sleep: async () => {} },
    signal: new AbortController().signal,
    log: () => {},
  });
  await visitForge(room, api);
  await visitClaims(api);
  return api.requestCounts();
}

async function visitForge(room: GitHubRoom, api: GitHubApi): Promise<void> {
  const forge = createGitHubForge(api);
  const issue = (await room.ask('POST', '/repos/octo/slug/issues', { body: { title: 'For the client' } })).json.number;
  const main = await forge.defaultBranch();
  await forge.permissionOf('alice');
  await forge.permissionOf('nobody');
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
  await store.release(first.lease);
}
