import { expect, it } from 'vitest';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createForgeIssues } from '../../src/adapters/github/forge-issues.ts';
import { createSecretScanner } from '../../src/adapters/secretlint/secret-scanner.ts';
import type { PullSnapshot } from '../../src/domain/pull-snapshot.ts';
import type { RoleReport } from '../../src/domain/reports/role-report.ts';
import type { Task } from '../../src/domain/task.ts';
import { conversationOf } from '../../src/domain/task.ts';
import { renderTrackingComment } from '../../src/domain/tracking-comment.ts';
import { blobId } from '../../src/flows/blob-id.ts';
import { publishResult } from '../../src/flows/publish-result.ts';
import type { PublishReport } from '../../src/flows/publish-run.ts';
import type { Forge } from '../../src/ports/forge.ts';
import { type EmbeddedForgeFixture, embeddedForge } from '../contract/embedded-forge.fixture.ts';
import { instantClock } from '../fakes/instant-clock.ts';
import { memoryClaimStore } from '../fakes/memory-claim-store.ts';
import { readyResult } from '../fakes/publish-scene.ts';
import { sampleTask } from '../fakes/sample-task.ts';

const files = { 'README.md': '# slug\n', 'src/a.ts': 'one\ntwo\n' };

interface Handed {
  readonly report: RoleReport;
  readonly issue: number;
  readonly pull?: PullSnapshot;
  /** 1, 2, …: of a run of its own. */
  readonly run: number;
}

/** What the publish job does with a report, with the token of that job. */
async function publish(at: EmbeddedForgeFixture, { report, issue: number, pull, run }: Handed): Promise<PublishReport> {
  const api = at.jobApi();
  const forge = createGitHubForge(api);
  const clock = instantClock();
  const claims = memoryClaimStore(clock);
  const runId = `01JD000000000000000000000${run}`;
  const key = `github/octo/slug/issues/${number}`;
  const holder = { owner: `x/${runId}`, runId, kind: 'agent', reason: '' } as const;
  const claim = await claims.acquire({ key, holder, leaseId: 'a', ttlMs: 3_600_000, holderIsDead: async () => false });
  if (claim.kind !== 'granted') throw new Error('no claim');
  const issue = await forge.issue(number);
  const sha = (await forge.branchHead('main')) ?? '';
  const about = { runId, work: report.kind, issue, base: { branch: 'main', sha }, links: { issue: issue.url } };
  const bare: Task = sampleTask({ ...about, lease: claim.lease, ...(pull && { pull }) });
  const state = { kind: 'working', step: 'publish' } as const;
  const text = renderTrackingComment({ role: 'x', issue: conversationOf(bare), fence: 1, runId, state });
  const { id } = await forge.createComment(conversationOf(bare), text);
  const { submission: _, ...result } = readyResult(undefined, { runId, report });
  return publishResult(
    {
      ...{ forge, claims, clock, blobId, dryRun: false, log: () => {} },
      dependencies: createForgeIssues(api),
      scanner: createSecretScanner({ known: {} }),
    },
    { task: { ...bare, trackingCommentId: id }, result },
    AbortSignal.timeout(30_000),
  );
}

async function pullBy(forge: Forge): Promise<PullSnapshot> {
  const baseSha = (await forge.branchHead('main')) ?? '';
  const base = await forge.commit(baseSha);
  const content = 'one\ntwo\nthree\nfour\n';
  const treeSha = await forge.createTree(base.treeSha, [{ kind: 'text', path: 'src/a.ts', mode: '100644', content }]);
  const { sha } = await forge.createCommit({ message: 'more', treeSha, parents: [baseSha] });
  await forge.createBranch('feature/more', sha);
  const made = await forge.createPullRequest({
    title: 'More',
    body: '',
    head: 'feature/more',
    base: 'main',
    draft: false,
  });
  if (made.kind !== 'created') throw new Error('not created');
  const { number, title, body, author, url, headBranch, headSha, baseBranch, draft, fromFork } = made.pull;
  return { number, title, body, author, url, headBranch, headSha, baseBranch, baseSha, draft, fromFork };
}

it('reads an issue: labels and dependencies of GitHub, and one comment', async () => {
  await using at = await embeddedForge(files);
  const people = createGitHubForge(at.apiOf('alice'));
  const open = async (title: string): Promise<number> => {
    const answer = await at
      .apiOf('alice')
      .send({ route: 'POST /repos/{owner}/{repo}/issues', params: { title, body: '' }, purpose: 'test' });
    return (answer.data as { readonly number: number }).number;
  };
  const [one, two] = [await open('It drops a word'), await open('The parser')];
  await people.labels.create({ name: 'size/S', color: 'cccccc', description: '' });
  const report: RoleReport = {
    ...{
      kind: 'triage',
      summary: 'Yes.',
      type: 'bug',
      size: 's',
      priority: 1,
      labels: [],
      acceptance: ['it does not'],
    },
    ...{ questions: [], related: [{ issue: two, relation: 'blocked_by', why: 'it needs it' }] },
  };
  for (const run of [1, 2]) {
    const published = await publish(at, { report, issue: one, run });
    expect(published).toMatchObject({ outcome: 'succeeded', stage: { kind: 'read', blockedBy: [two] } });
  }
  expect((await people.issue(one)).labels).toContain('size/S');
  const told = (await people.comments(one)).filter(({ body }) => body.includes('op=triage'));
  expect(told).toHaveLength(1);
  expect(told[0]?.body).toContain(`waits for #${two}, which GitHub has as a dependency now`);
});

it.each(['alice', 'the job'])('reviews a pull request of %s in two rounds, and repeats nothing', async (author) => {
  await using at = await embeddedForge(files);
  const pull = await pullBy(author === 'alice' ? createGitHubForge(at.apiOf('alice')) : at.forge);
  const found = { path: 'src/a.ts', severity: 'major', category: 'correctness', body: 'So.' } as const;
  const report: RoleReport = {
    kind: 'review',
    summary: 'It adds lines.',
    findings: [
      { ...found, line: 3, title: 'Three is wrong', suggestion: '3' },
      { ...found, startLine: 3, line: 4, title: 'Both are wrong' },
      { ...found, path: 'README.md', title: 'Say so', severity: 'nit' },
    ],
    earlier: [],
    notReviewed: [],
  };
  const first = await publish(at, { report, issue: pull.number, pull, run: 1 });
  const known = first.stage?.kind === 'reviewed' ? first.stage.findings : [];
  expect(known.map(({ commentId }) => commentId !== undefined)).toEqual([true, true, false]);
  const forge = createGitHubForge(at.apiOf('alice'));
  const [review] = await forge.reviews.reviews(pull.number);
  expect(review).toMatchObject({ state: author === 'alice' ? 'CHANGES_REQUESTED' : 'COMMENTED' });

  const earlier = known.map(({ fingerprint }, index) => ({
    fingerprint,
    standing: index === 0 ? ('fixed' as const) : ('refuted' as const),
    why: 'Seen.',
  }));
  const second = await publish(at, { report: { ...report, findings: [], earlier }, issue: pull.number, pull, run: 2 });
  expect(second.stage).toMatchObject({
    findings: [{ standing: 'fixed' }, { standing: 'refuted' }, { standing: 'refuted' }],
  });
  expect((await forge.reviews.threads(pull.number)).map(({ resolved }) => resolved)).toEqual([true, true]);
  const told = (await forge.reviews.reviews(pull.number)).filter(({ body }) => body.includes('op=review'));
  expect(told.map(({ state }) => state)).toEqual([author === 'alice' ? 'DISMISSED' : 'COMMENTED', 'COMMENTED']);
  const again = await publish(at, { report, issue: pull.number, pull, run: 3 });
  expect(again.stage).toMatchObject({
    findings: [{ standing: 'open' }, { standing: 'refuted' }, { standing: 'refuted' }],
  });
  const comments = await forge.reviews.comments(pull.number);
  expect(comments.filter(({ inReplyTo }) => inReplyTo === undefined)).toHaveLength(2);
});

it('tells a verdict on a pull request, and holds a plan on an issue', async () => {
  await using at = await embeddedForge(files);
  const pull = await pullBy(createGitHubForge(at.apiOf('alice')));
  const verification: RoleReport = { kind: 'verification', summary: 'Tried.', command: 'true', notVerified: [] };
  const verdict = await publish(at, { report: verification, issue: pull.number, pull, run: 1 });
  expect(verdict).toMatchObject({ outcome: 'no_change', stage: { kind: 'verified', verdict: 'unproven' } });
  const { body } = (await at.forge.comments(pull.number)).find((each) => each.body.includes('op=verification')) ?? {};
  expect(body).toContain('not verified');

  const answer = await at
    .apiOf('alice')
    .send({ route: 'POST /repos/{owner}/{repo}/issues', params: { title: 't', body: '' }, purpose: 'test' });
  const { number } = answer.data as { readonly number: number };
  const steps = [{ title: 'Do it', detail: 'Here.', paths: ['src/a.ts'] }];
  const plan: RoleReport = { kind: 'plan', summary: 'Small.', steps, tests: [], risks: [] };
  expect(await publish(at, { report: plan, issue: number, run: 2 })).toMatchObject({ stage: { kind: 'planned' } });
  expect(await at.forge.held.issues()).toEqual([number]);
});
