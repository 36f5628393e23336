import type { RunRecord } from '../domain/coordination/run-record.ts';
import { decidePickUp, type WorkflowRun } from '../domain/dispatch/pick-up.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { beginWaitingRun } from './begin-run.ts';
import type { RunBooks } from './open-run.ts';
import { readTaskFile } from './read-task-file.ts';

export interface PickUpBooks extends RunBooks {
  readonly objects: Pick<ObjectStore, 'get'>;
}

export type PickedUp =
  /** `task`: task.json, byte for byte as text. */
  | { readonly kind: 'picked-up'; readonly run: RunRecord; readonly task: string; readonly sha256: string }
  | {
      readonly kind: 'refused';
      readonly why: 'over' | 'stop-requested' | 'taken' | 'stale' | 'missing' | 'no-task';
      readonly run: RunRecord;
    };

/**
 * A workflow run comes for a run that waits in the books: the run begins, exactly once, and its task is handed out. Safe to
 * repeat by the same workflow run after a lost answer.
 */
export async function pickUpRun(
  books: PickUpBooks,
  { run, by }: { readonly run: RunRecord; readonly by: WorkflowRun },
  signal: AbortSignal,
): Promise<PickedUp> {
  const decision = decidePickUp(run, by);
  if (decision.kind === 'refused') return { ...decision, run };
  // Before anything moves: a run without a task must not be told to be at work.
  const file = await readTaskFile(books.objects, run, signal);
  if (file === undefined) return { kind: 'refused', why: 'no-task', run };
  const task = { task: file.text, sha256: file.sha256 };
  if (decision.kind === 'again') return { kind: 'picked-up', run, ...task };
  const begun = await beginWaitingRun(books, { runId: run.id, lease: file.lease, workflowRun: by });
  if (begun.kind === 'begun') return { kind: 'picked-up', run: begun.run, ...task };
  return { kind: 'refused', why: begun.why, run: begun.run ?? run };
}
