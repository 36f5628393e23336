import type { PatchFile, PatchManifest } from '../../src/domain/patch.ts';
import type { RunResult } from '../../src/domain/run-result.ts';
import type { Task } from '../../src/domain/task.ts';
import { renderTrackingComment } from '../../src/domain/tracking-comment.ts';
import { publishResult } from '../../src/flows/publish-result.ts';
import type { Publisher, PublishReport } from '../../src/flows/publish-run.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { FakeForge } from './fake-forge.ts';
import { blobSha } from './git-objects.ts';
import { type InstantClock, instantClock } from './instant-clock.ts';
import { memoryClaimStore } from './memory-claim-store.ts';
import { sampleTask } from './sample-task.ts';

export const runId = '01JD0000000000000000000000';

/** What a patch does, by path: new content, or undefined for a deletion. */
export type Change = Readonly<Record<string, string | Uint8Array | undefined>>;

export interface PublishScene {
  readonly forge: FakeForge;
  readonly claims: ClaimStore;
  readonly clock: InstantClock;
  readonly task: Task;
  readonly logged: readonly string[];
  publish(result: unknown, more?: Partial<Publisher & { signal: AbortSignal; task: Task }>): Promise<PublishReport>;
  /** The tracking comment as it is now. */
  comment(): string;
}

/** A forge with an issue, a claim and a tracking comment: the state in which a publisher starts. */
export async function publishScene(taskChange: Partial<Task> = {}): Promise<PublishScene> {
  const clock = instantClock();
  const forge = new FakeForge({ files: { 'README.md': '# slug\n', 'src/slugify.ts': 'old\n', 'gone.txt': 'x\n' } });
  forge.seedIssue({ number: 1, url: 'https://github.com/octo/slug/issues/1' });
  const claims = memoryClaimStore(clock);
  const key = 'github/octo/slug/issues/1';
  const holder = { owner: 'coder', runId, kind: 'agent', reason: '/agent fix' } as const;
  const claim = await claims.acquire({
    key,
    holder,
    leaseId: 'lease-1',
    ttlMs: 3_600_000,
    holderIsDead: async () => false,
  });
  if (claim.kind !== 'granted') throw new Error('the claim of the scene was not granted');
  const working = { kind: 'working', step: 'publish', leaseExpiresAt: claim.lease.expiresAt } as const;
  const text = renderTrackingComment({ role: 'coder', issue: 1, fence: 1, runId, state: working });
  const tracking = forge.seedComment(1, text, forge.login);
  const base = { branch: 'main', sha: forge.git.branches.get('main') ?? '' };
  const task = sampleTask({ base, lease: claim.lease, trackingCommentId: tracking.id, ...taskChange });
  const logged: string[] = [];
  return {
    forge,
    claims,
    clock,
    task,
    logged,
    publish: (result, more = {}) => {
      const scanner = { scan: async () => [] };
      const log = (line: string) => logged.push(line);
      const { signal = AbortSignal.timeout(20_000), task: other = task, ...parts } = more;
      const publisher = { forge, claims, clock, scanner, blobId: blobSha, dryRun: false, log, ...parts };
      return publishResult(publisher, { task: other, result, trajectoryDigest: 'd'.repeat(64) }, signal);
    },
    comment: () => forge.allComments.find(({ snapshot }) => snapshot.id === tracking.id)?.snapshot.body ?? '',
  };
}

/** A manifest with true ids, made by laying the change over a commit of the forge. */
export function manifestOn(forge: FakeForge, baseSha: string, change: Change): PatchManifest {
  const base = forge.git.commit(baseSha);
  const baseFiles = forge.git.trees.get(base.treeSha) ?? new Map<string, { mode: string; sha: string }>();
  const tree = new Map(baseFiles);
  const files = Object.entries(change).map(([path, content]): PatchFile => {
    if (content === undefined) {
      tree.delete(path);
      return { change: 'deleted', path, lines: { added: 0, removed: 1 } };
    }
    const bytes = Buffer.from(content);
    const text = typeof content === 'string';
    tree.set(path, { mode: '100644', sha: blobSha(bytes) });
    return {
      change: baseFiles.has(path) ? 'modified' : 'added',
      path,
      mode: '100644',
      sizeBytes: bytes.length,
      blobSha: blobSha(bytes),
      encoding: text ? 'utf-8' : 'base64',
      content: bytes.toString(text ? 'utf8' : 'base64'),
      ...(text ? { lines: { added: 1, removed: 1 } } : {}),
    };
  });
  const known = new Set(forge.git.trees.keys());
  const treeSha = forge.git.addTree(tree);
  // The forge must not know the tree beforehand, or a publisher could do without building it.
  if (!known.has(treeSha)) forge.git.trees.delete(treeSha);
  return { schema: 1, runId, base: { sha: baseSha, treeSha: base.treeSha }, treeSha, files };
}

export function readyResult(patch: PatchManifest | undefined, more: Partial<RunResult> = {}): RunResult {
  const usage = { inputTokens: 1_000, outputTokens: 200, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const test = { command: 'npm test', timedOut: false, durationMs: 2_000, output: '1 of 9 failed' };
  return {
    schema: 1,
    runId,
    outcome: 'succeeded',
    reason: 'The change is ready, and `npm test` passes.',
    submission: { title: 'Keep the last word', body: 'The limit cut one word too many.', verified: ['ran it by hand'] },
    spend: { turns: 6, usage, costMicroUsd: 210_000, elapsedMs: 60_000 },
    modelCalls: 6,
    model: 'scripted',
    sandbox: { rung: 'bubblewrap', description: 'bubblewrap, offline' },
    testsBefore: { ...test, exitCode: 1 },
    testsAfter: { ...test, exitCode: 0, output: '9 of 9 passed' },
    ...(patch === undefined ? {} : { patch }),
    durations: { agent: 1_000 },
    ...more,
  };
}
