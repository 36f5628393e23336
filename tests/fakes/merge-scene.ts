import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCommit, checkOut } from '../../src/adapters/git/check-out.ts';
import { type GitWorkspace, openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import type { Continuation, Task } from '../../src/domain/task.ts';
import { mergeIn, startingSha } from '../../src/domain/task.ts';
import { renderTrackingComment } from '../../src/domain/tracking-comment.ts';
import { briefFor } from '../../src/flows/address/brief-for.ts';
import type { BriefCause, FoundBrief } from '../../src/flows/address/brief-request.ts';
import { publishResult } from '../../src/flows/publish-result.ts';
import type { PublishReport } from '../../src/flows/publish-run.ts';
import type { PullRequestInfo } from '../../src/ports/forge.ts';
import { type EmbeddedForgeFixture, embeddedForge } from '../contract/embedded-forge.fixture.ts';
import { blobSha } from './git-objects.ts';
import { instantClock } from './instant-clock.ts';
import { memoryClaimStore } from './memory-claim-store.ts';
import { runId } from './publish-scene.ts';
import { sampleTask } from './sample-task.ts';

export type Files = Readonly<Record<string, string>>;
const searchPath = process.env['PATH'] ?? '';

/** An agent's pull request on the embedded GitHub, whose base has gone on. */
export interface MergeScene extends AsyncDisposable {
  readonly at: EmbeddedForgeFixture;
  readonly issue: number;
  readonly pull: PullRequestInfo;
  /** One more commit on a branch. */
  push(branch: string, files: Files): Promise<string>;
  brief(cause: BriefCause, mayBeHeard?: (login: string) => Promise<boolean>): Promise<FoundBrief>;
  /** A task that goes on with the pull request as a brief says. */
  taskFor(found: FoundBrief): Promise<Task>;
  /** What the agent's job has: the base checked out, the merge in the working files. */
  openWorkspace(task: Task): Promise<GitWorkspace>;
  publish(task: Task, result: unknown): Promise<PublishReport>;
}

export interface MergeSceneFiles {
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
}

const branch = 'agent/1/f1-keep-the-last-word';

export async function mergeScene({ base, ours, theirs }: MergeSceneFiles): Promise<MergeScene> {
  const at = await embeddedForge(base);
  const { forge } = at;
  const push = async (to: string, files: Files): Promise<string> => {
    const head = (await forge.branchHead(to)) ?? '';
    const entries = Object.entries(files).map(
      ([path, content]) => ({ kind: 'text', path, mode: '100644', content }) as const,
    );
    const treeSha = await forge.createTree((await forge.commit(head)).treeSha, entries);
    const { sha } = await forge.createCommit({ message: 'change', treeSha, parents: [head] });
    await forge.updateBranch(to, sha);
    return sha;
  };
  const issue = await at.openIssue('alice', { title: 'slugify drops the last word', body: 'It does.' });
  await forge.createBranch(branch, (await forge.branchHead('main')) ?? '');
  await push(branch, ours);
  const made = await forge.createPullRequest({
    title: 'Keep it',
    body: 'Kept.',
    head: branch,
    base: 'main',
    draft: false,
  });
  if (made.kind !== 'created') throw new Error('the pull request was not opened');
  if (Object.keys(theirs).length > 0) await push('main', theirs);
  const { number } = made.pull;
  const folder = mkdtempSync(join(tmpdir(), 'merge-scene-'));
  const clock = instantClock();
  const claims = memoryClaimStore(clock);
  const readPull = async (): Promise<PullRequestInfo> => (await forge.pullRequest(number)) ?? made.pull;
  return {
    at,
    issue,
    pull: made.pull,
    push,
    brief: async (cause, mayBeHeard = async (login) => login === 'alice') =>
      briefFor({
        ...{ forge, issue, cause, mayBeHeard, clock, told: { ids: new Set<number>() } },
        pull: await readPull(),
        baseSha: (await forge.branchHead('main')) ?? '',
        redact: (text) => text,
        log: () => {},
        signal: AbortSignal.timeout(60_000),
      }),
    taskFor: async (found) => {
      if (found.kind === 'nothing') throw new Error(found.why);
      const key = `github/octo/slug/issues/${issue}` as const;
      const holder = { owner: 'coder', runId, kind: 'agent', reason: '/agent fix' } as const;
      const acquiring = { key, holder, leaseId: 'lease-1', ttlMs: 3_600_000, holderIsDead: async () => true };
      const claim = await claims.acquire(acquiring);
      if (claim.kind !== 'granted') throw new Error('the claim was not granted');
      const working = { kind: 'working', step: 'publish', leaseExpiresAt: claim.lease.expiresAt } as const;
      const text = renderTrackingComment({ role: 'coder', issue, fence: claim.lease.fence, runId, state: working });
      const tracking = await forge.createComment(issue, text);
      const pull = await readPull();
      const continues: Continuation = {
        branch,
        headSha: pull.headSha,
        pullRequest: number,
        ...(found.mergeOf === undefined ? {} : { mergeOf: found.mergeOf }),
      };
      return sampleTask({
        issue: { ...(await forge.issue(issue)), comments: [] },
        base: { branch: 'main', sha: (await forge.branchHead('main')) ?? '' },
        lease: claim.lease,
        trackingCommentId: tracking.id,
        continues,
        brief: found.brief,
      });
    },
    openWorkspace: async (task) => {
      const root = mkdtempSync(join(folder, 'workspace-'));
      const token = at.github.mintToken({ repository: task.repository, permissions: { contents: 'read' } });
      const from = { kind: 'server', url: `${at.github.url}/octo/slug.git`, token } as const;
      const signal = AbortSignal.timeout(60_000);
      await checkOut({ from, sha: startingSha(task), folder: root, searchPath, signal });
      const merge = mergeIn(task);
      if (merge !== undefined) {
        for (const sha of [merge.oursSha, merge.forkSha])
          await addCommit({ from, sha, folder: root, searchPath, signal });
      }
      const opening = { root, baseSha: startingSha(task), tempDir: folder, path: searchPath, signal };
      const workspace = await openWorkspace({ ...opening, ...(merge && { merge }) });
      await workspace.markStart(signal);
      return workspace;
    },
    publish: (task, result) => {
      const scanner = { scan: async () => [] };
      const publisher = { forge, claims, clock, scanner, blobId: blobSha, dryRun: false, log: () => {} };
      return publishResult(publisher, { task, result }, AbortSignal.timeout(60_000));
    },
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true, force: true });
      await at[Symbol.asyncDispose]();
    },
  };
}
