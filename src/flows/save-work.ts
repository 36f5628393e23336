import { commitMessage } from '../domain/commit-message.ts';
import { EntropyError } from '../domain/error.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { checkPatch } from '../domain/patch-check.ts';
import type { RunResult } from '../domain/run-result.ts';
import { mergeIn, startingSha } from '../domain/task.ts';
import type { SavedTold } from '../domain/unfinished/unfinished-text.ts';
import type { UnfinishedWork } from '../domain/unfinished/unfinished-work.ts';
import { findInPatch } from './find-secrets.ts';
import { foreignPackageSources } from './foreign-package-sources.ts';
import type { PublishRun } from './publish-run.ts';
import { parseUnfinished } from './unfinished-schema.ts';
import { refuseUndeclared, writeTree } from './write-commit.ts';

export type Saver = Pick<PublishRun, 'forge' | 'task' | 'scanner' | 'blobId' | 'log' | 'dryRun' | 'signal'>;

/**
 * What a run had changed that ended without a hand-over, as a commit under a hidden ref of its issue. It keeps the rules of
 * every patch, or it is not kept. No claim is asked for: whoever was stopped has none any more, and nothing is published by
 * this; of two runs of an issue the later one's work (by its fence) stays. Undefined: there is nothing to save.
 */
export async function saveWork(run: Saver, result: RunResult): Promise<SavedTold | undefined> {
  const { task, dryRun, log } = run;
  const { patch, outcome } = result;
  const isUnfinished = outcome !== 'succeeded' && outcome !== 'refused' && outcome !== 'no_change';
  if (!isUnfinished || patch === undefined || patch.files.length === 0 || dryRun || task.work !== 'change') {
    return undefined;
  }
  try {
    const why = await whyNot(run, patch);
    if (why !== undefined) return { kind: 'not-saved', why };
    return await write(run, result, patch);
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof EntropyError)) throw error;
    log(`the work in progress could not be saved: ${error.code} ${error.message}`);
    return { kind: 'not-saved', why: `it could not be written (${error.code})` };
  }
}

/** Trusts nothing of it, as of a patch that is handed in. Rules are ours to name, paths and lines are a stranger's. */
async function whyNot(run: Saver, patch: PatchManifest): Promise<string | undefined> {
  const { forge, task, scanner, blobId } = run;
  if (mergeIn(task) !== undefined) return 'it was in the middle of merging its base, which the next run merges anew';
  const start = startingSha(task);
  const { treeSha } = await forge.commit(start);
  const isOurs = patch.runId === task.runId && patch.base.sha === start && patch.base.treeSha === treeSha;
  if (!isOurs) return 'it is not made against what the run started from';
  const problems = [...checkPatch(patch, task.patchPolicy, blobId), ...(await foreignPackageSources(run, patch))];
  if (problems.length > 0) {
    const rules = [...new Set(problems.map(({ rule }) => rule))].join(', ');
    return `it breaks rules that every change has to keep (${rules})`;
  }
  const found = await findInPatch(scanner, patch, (path) => forge.file(path, start));
  return found.length === 0 ? undefined : 'it seems to hold a secret (E602)';
}

async function write(
  { forge, task, signal }: Saver,
  result: RunResult,
  patch: PatchManifest,
): Promise<SavedTold | undefined> {
  const issue = task.issue.number;
  const { fence } = task.lease;
  const before = await forge.unfinished.read(issue);
  const kept = before && (await parseUnfinished(before.text));
  if (kept !== undefined && kept.issue === issue && kept.fence > fence) {
    return { kind: 'not-saved', why: 'a later run has left its own' };
  }
  const goOn = async (): Promise<void> => signal.throwIfAborted();
  const treeSha = await writeTree(forge, patch, goOn);
  const message = commitMessage(task, result);
  const { sha: commit } = await forge.createCommit({ message, treeSha, parents: [patch.base.sha] });
  refuseUndeclared(patch, await forge.changedPaths(commit));
  const { memory } = result;
  const work: UnfinishedWork = {
    ...{ schema: 1, issue, runId: task.runId, fence, patch, commit },
    ...(memory !== undefined && { memory }),
  };
  await forge.unfinished.write(issue, { change: commit, text: JSON.stringify(work) });
  const url = task.links.issue.replace(/\/(?:issues|pull)\/[0-9]+$/, `/commit/${commit}`);
  return { kind: 'saved', issue, commit, patch, url };
}
