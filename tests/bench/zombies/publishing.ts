import { openRunOfTask } from '../../../src/domain/open-run.ts';
import type { PatchManifest } from '../../../src/domain/patch.ts';
import type { RunResult } from '../../../src/domain/run-result.ts';
import { startingSha, type Task } from '../../../src/domain/task.ts';
import { admitEvent } from '../../../src/flows/admit-event.ts';
import { blobId } from '../../../src/flows/blob-id.ts';
import { letGo } from '../../../src/flows/let-go.ts';
import { publishPatch } from '../../../src/flows/publish-patch.ts';
import type { PublishReport } from '../../../src/flows/publish-run.ts';
import { blobSha, type FlatTree, treeSha } from '../../fakes/git-objects.ts';
import { readyResult } from '../../fakes/publish-scene.ts';
import { type Job, seedFiles } from './zombie-world.ts';

const signal = new AbortController().signal;

/** What is in the trees that were made here, by their ids. */
export type KnownTrees = Map<string, FlatTree>;

export function knownTrees(): KnownTrees {
  const seed = new Map(Object.entries(seedFiles).map(([name, text]) => [name, { mode: '100644', sha: blobSha(text) }]));
  return new Map([[treeSha(seed), seed]]);
}

/** Through the gate, as `/agent fix` goes. */
export async function admitted(job: Job, issueNumber: number): Promise<Task> {
  const admission = await command(job, issueNumber, 'fix');
  if (admission.kind === 'admitted') return admission.task;
  throw new Error(`issue ${issueNumber} was not admitted: ${JSON.stringify(admission)}`);
}

export function command(job: Job, issueNumber: number, text: string) {
  const sender = { login: 'alice', kind: 'user' } as const;
  return admitEvent(job, { kind: 'dispatch', issueNumber, command: text, sender }, signal);
}

/** What an agent would hand over: one small file more, on what its task starts from. */
export async function handOver(job: Job, task: Task, trees: KnownTrees): Promise<RunResult> {
  const sha = startingSha(task);
  const base = await job.forge.commit(sha);
  const before = trees.get(base.treeSha);
  if (before === undefined) throw new Error(`nobody here made the tree ${base.treeSha}`);
  const content = `What run ${task.runId} did.\n`;
  const path = `work/${task.runId}.txt`;
  const file = { mode: '100644', sha: blobSha(content) } as const;
  const after = new Map([...before, [path, file]]);
  const tree = treeSha(after);
  trees.set(tree, after);
  const patch: PatchManifest = {
    schema: 1,
    runId: task.runId,
    base: { sha, treeSha: base.treeSha },
    treeSha: tree,
    files: [
      {
        ...({ change: 'added', path, mode: file.mode, sizeBytes: content.length, blobSha: file.sha } as const),
        ...({ encoding: 'utf-8', content, lines: { added: 1, removed: 0 } } as const),
      },
    ],
  };
  return { ...readyResult(patch), runId: task.runId };
}

/** What the publishing job does: the flow, and then it lets go of the claim. */
export async function publish(job: Job, task: Task, result: RunResult): Promise<PublishReport> {
  const { forge, claims, clock } = job;
  const scanner = { scan: async () => [] };
  const publisher = { forge, claims, clock, scanner, blobId, dryRun: false, log: job.log };
  const report = await publishPatch(publisher, { task, result }, signal);
  const { outcome, reason, branch, pullRequest } = report;
  await letGo(job, openRunOfTask(task), {
    outcome,
    reason,
    ...(branch === undefined ? {} : { branch }),
    ...(pullRequest === undefined ? {} : { pullRequest: pullRequest.number }),
  });
  return report;
}
