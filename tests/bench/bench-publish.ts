import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkOut } from '../../src/adapters/git/check-out.ts';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { issueClaimKey } from '../../src/domain/claim.ts';
import { renderTrackingComment } from '../../src/domain/tracking-comment.ts';
import { connectGitHub } from '../../src/runtime/github.ts';
import { handOverFiles } from '../../src/runtime/hand-over.ts';
import { publishTask } from '../../src/runtime/publish-task.ts';
import { gitHubRoom } from '../fakes/embedded-github-room.ts';
import { readyResult } from '../fakes/publish-scene.ts';
import { sampleTask } from '../fakes/sample-task.ts';
import { type Figure, spread } from './figure.ts';

const files = 20;
const maxContentCalls = 4;
/** Calls that create content; GitHub limits them to 80 a minute. Reading back and the comment come besides. */
const contentCalls = /^POST \/repos\/\{owner\}\/\{repo\}\/(?:git\/(?:trees|commits|refs|blobs)|pulls)$/;

type Calls = Readonly<Record<string, number>>;

/** Publishes a text patch of 20 files to the embedded GitHub, with the shipped client and a job's own token. */
export const figure: Figure = async ({ quick, progress }) => {
  const runs = quick ? 2 : 10;
  const milliseconds: number[] = [];
  let calls: Calls = {};
  let claimCalls: Calls = {};
  for (let run = 0; run < runs; run += 1) {
    progress(`run ${run + 1} of ${runs}`);
    const measured = await publishOnce();
    milliseconds.push(measured.ms);
    ({ calls, claimCalls } = measured);
  }
  const total = (of: Calls, which = /./): number =>
    Object.entries(of).reduce((sum, [operation, count]) => sum + (which.test(operation) ? count : 0), 0);
  const contentCallCount = total(calls, contentCalls);
  // Releasing the claim reads it once more.
  const fenceReads = total(claimCalls, /^GET /) - 1;
  const writes = total(calls, /^(?:POST|PATCH|PUT|DELETE) /);
  return {
    kind: 'measured',
    ok: contentCallCount <= maxContentCalls && fenceReads <= writes,
    figures: {
      files,
      contentCalls: contentCallCount,
      allCalls: total(calls),
      byEndpoint: calls,
      claimContentCalls: total(claimCalls, contentCalls),
      claimCalls: total(claimCalls),
      fenceReads,
      writes,
      publishMs: spread(milliseconds),
    },
    limits: { contentCalls: maxContentCalls, fenceReadsPerWrite: 1 },
  };
};

async function publishOnce(): Promise<{ ms: number; calls: Calls; claimCalls: Calls }> {
  await using room = await gitHubRoom({ clock: createSystemClock() });
  const { github, folder } = room;
  const signal = AbortSignal.timeout(60_000);
  const repository = { owner: 'octo', name: 'slug' };
  const issue = (await room.ask('POST', '/repos/octo/slug/issues', { body: { title: 'Many files' } })).json;
  const token = room.job({ contents: 'write', issues: 'write', 'pull-requests': 'write' });
  const options = { token, repository, apiUrl: github.apiUrl, log: () => undefined };
  const gate = connectGitHub(options, signal);
  const key = issueClaimKey('octo', 'slug', issue.number);
  const runId = gate.newId();
  const holder = { owner: 'coder', runId, kind: 'agent', reason: '/agent fix' } as const;
  const leaseId = gate.newId();
  const claim = await gate.claims.acquire({ key, holder, leaseId, ttlMs: 600_000, holderIsDead: async () => false });
  if (claim.kind !== 'granted') throw new Error('the claim was not granted');
  const state = { kind: 'working', step: 'publish', leaseExpiresAt: claim.lease.expiresAt } as const;
  const text = renderTrackingComment({ role: 'coder', issue: issue.number, fence: claim.lease.fence, runId, state });
  const tracking = await gate.forge.createComment(issue.number, text);

  const sha = await room.head('main');
  const from = { kind: 'path', gitDir: github.gitDir('octo', 'slug') } as const;
  const workspaceFolder = path.join(folder.root, 'workspace');
  await checkOut({ from, sha, folder: workspaceFolder, searchPath: process.env['PATH'] ?? '', signal });
  await using workspace = await openWorkspace({ root: workspaceFolder, tempDir: folder.root, signal });
  await workspace.markStart(signal);
  for (let index = 0; index < files; index += 1) {
    writeFileSync(path.join(workspaceFolder, `src-${index}.ts`), `export const value = ${index};\n`.repeat(20));
  }
  const patch = await workspace.collectPatch(runId, signal);
  if (patch === undefined) throw new Error('there is no patch');
  const task = sampleTask({
    runId,
    issue: { ...sampleTask().issue, number: issue.number, title: 'Many files' },
    base: { branch: 'main', sha },
    lease: claim.lease,
    trackingCommentId: tracking.id,
  });
  const resultDir = path.join(folder.root, 'result');
  mkdirSync(resultDir);
  writeFileSync(path.join(resultDir, handOverFiles.result), JSON.stringify({ ...readyResult(patch), runId }));

  // Two connections, so that what the patch costs is told apart from what the claim in git refs costs.
  const claiming = connectGitHub(options, signal);
  const connection = { ...connectGitHub(options, signal), claims: claiming.claims };
  const started = performance.now();
  const report = await publishTask(
    { task, connection, resultDir, dryRun: false, secrets: { 'github-token': token }, log: () => undefined },
    signal,
  );
  const ms = performance.now() - started;
  if (report.outcome !== 'succeeded') throw new Error(`publishing ended ${report.outcome}: ${report.reason}`);
  return { ms, calls: connection.requestCounts(), claimCalls: claiming.requestCounts() };
}
