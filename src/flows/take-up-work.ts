import { parseBranchName } from '../domain/branch-name.ts';
import { EntropyError } from '../domain/error.ts';
import { checkPatch } from '../domain/patch-check.ts';
import { startingSha } from '../domain/task.ts';
import { takenUpText } from '../domain/unfinished/unfinished-text.ts';
import type { UnfinishedWork } from '../domain/unfinished/unfinished-work.ts';
import { blobId } from './blob-id.ts';
import type { Gate, PermittedRequest, ReadyWork } from './gate.ts';
import { parseUnfinished } from './unfinished-schema.ts';
import { limitsOf } from './work-limits.ts';

/**
 * `retry` goes on from what an earlier run of this issue left unfinished: its files lie in the workspace when the agent begins, and
 * are part of what it hands in, so they pass every check that its own changes pass. What does not fit any more is told.
 */
export async function takeUpWork(gate: Gate, request: PermittedRequest, work: ReadyWork): Promise<ReadyWork> {
  const { asked } = request;
  const retries = asked.kind === 'command' && asked.command.name === 'retry';
  if (!retries || work.work !== 'change' || work.approved !== undefined) return work;
  const { number } = work.issue;
  const found = await gate.forge.unfinished.read(number);
  const left = found && (await parseUnfinished(found.text));
  if (left === undefined || left.issue !== number || isOlder(left, work)) return work;
  const { runId, patch, memory } = left;
  const why = await whyNot(gate, work, left);
  const goesOn = takenUpText({ runId, files: patch.files.length, ...(why !== undefined && { why }) });
  if (why !== undefined) return { ...work, goesOn };
  return { ...work, goesOn, unfinished: { runId, patch, ...(memory !== undefined && { memory }) } };
}

/** A later run has published since, from the start. */
function isOlder({ fence }: UnfinishedWork, { continues, request }: ReadyWork): boolean {
  const branch = continues && parseBranchName(request.settings.branchPrefix, continues.branch);
  return branch !== undefined && branch.fence > fence;
}

/** Undefined: it can be laid over what the run starts from. The rules are those of today. */
async function whyNot(gate: Gate, work: ReadyWork, { patch }: UnfinishedWork): Promise<string | undefined> {
  const { continues, base } = work;
  if (continues?.mergeOf !== undefined) return 'the base is merged into the branch first';
  const problems = checkPatch(patch, limitsOf(work).patchPolicy, blobId);
  if (problems.length > 0) {
    return `it breaks rules that every change has to keep (${[...new Set(problems.map(({ rule }) => rule))].join(', ')})`;
  }
  const start = startingSha({ base, ...(continues && { continues }) });
  try {
    const since = await gate.forge.compare(patch.base.sha, start);
    if (since.kind === 'same') return undefined;
    if (since.kind === 'apart' || since.paths === undefined)
      return 'what it was made on is too far from what there is now';
    const changed = new Set(since.paths);
    const both = patch.files.filter(({ path }) => changed.has(path)).length;
    return both === 0 ? undefined : 'files that it changes were changed since';
  } catch (error) {
    // The commit that it was made on is gone.
    if (error instanceof EntropyError && error.code === 'E202') return 'what it was made on is gone';
    throw error;
  }
}
