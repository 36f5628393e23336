import { EntropyError } from '../domain/error.ts';
import type { Plan, PlannedFile } from '../domain/held/plan.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import { fullName } from '../domain/repository.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { ApprovedPlan, Task } from '../domain/task.ts';
import { type HeldChange, readHeld } from './held-change.ts';
import type { PublishRun } from './publish-run.ts';
import { parseRunResult } from './run-result-schema.ts';

export interface ApprovedChange {
  readonly held: HeldChange;
  /** As if the agent of this very run had handed it over; checked like any hand-over from here on. */
  readonly result: RunResult;
}

/**
 * What was approved, read from where it is held: the very record that the gate saw, whose plan has the very hash that a person
 * named. E605 otherwise. Contents come from the held commit and are held against the object ids of the plan by `checkPatch`.
 */
export async function readApproved(run: PublishRun, approved: ApprovedPlan): Promise<ApprovedChange> {
  const { forge, task } = run;
  const held = await readHeld(forge, task.issue.number);
  if (held === undefined) throw notThat(approved, 'nothing is held for this issue any more');
  if (held.hash !== approved.plan) throw notThat(approved, 'another one is held now');
  const { plan, change } = held.record;
  if (plan.kind !== 'change' || !isOf(plan, task)) throw notThat(approved, 'what is held was made for something else');
  const files = [];
  for (const file of plan.patch.files) files.push(await withContent(run, file, change));
  const patch = { ...plan.patch, runId: task.runId, files };
  return { held, result: await parseRunResult({ ...plan.result, runId: task.runId, patch }) };
}

/** The same issue of the same repository, on the same commit of the same branch. */
export function isOf(plan: Plan, task: Pick<Task, 'repository' | 'issue' | 'base' | 'continues'>): boolean {
  const samePlace = plan.repository === fullName(task.repository) && plan.issue === task.issue.number;
  const sameBase = plan.base.sha === task.base.sha && plan.base.branch === task.base.branch;
  return samePlace && sameBase && plan.continues?.headSha === task.continues?.headSha;
}

async function withContent({ forge }: PublishRun, file: PlannedFile, commit: string): Promise<unknown> {
  if (file.change === 'deleted') return file;
  const bytes = Buffer.from((await forge.file(file.path, commit)) ?? new Uint8Array());
  return { ...file, content: bytes.toString(file.encoding === 'utf-8' ? 'utf8' : 'base64') };
}

function notThat({ plan }: ApprovedPlan, found: string): EntropyError {
  return new EntropyError({
    code: 'E605',
    message: `plan ${shownPlan(plan)} was approved, but ${found}; nothing was published`,
    fix: 'look at the newest plan on the issue, and approve that one; or comment /agent retry to have it made anew',
  });
}
