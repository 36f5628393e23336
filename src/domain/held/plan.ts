import { canonicalJson } from '../canonical-json.ts';
import type { PatchFile, PatchManifest } from '../patch.ts';
import type { PlanReport } from '../reports/plan-report.ts';
import type { RunResult } from '../run-result.ts';
import type { Continuation } from '../task.ts';
import type { ReviewReason } from './review-reason.ts';

type WithoutContent<File> = File extends { readonly content: string } ? Omit<File, 'content'> : File;

/** What happens to one path. Its content is named by its object id, and lies in the held commit. */
export type PlannedFile = WithoutContent<PatchFile>;

/** What both kinds say: for whom, by whom, on what, until when. */
interface PlanFrame {
  readonly schema: 1;
  /** `owner/name`. */
  readonly repository: string;
  readonly issue: number;
  /** The run that made it, with its fence. */
  readonly runId: string;
  readonly fence: number;
  readonly role: string;
  readonly askedBy: string;
  readonly base: { readonly branch: string; readonly sha: string };
  readonly continues?: Continuation;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A change that is made already: exactly this would be published. */
export interface ChangePlan extends PlanFrame {
  readonly kind: 'change';
  readonly patch: Omit<PatchManifest, 'files' | 'runId'> & { readonly files: readonly PlannedFile[] };
  readonly reasons: readonly ReviewReason[];
  readonly result: Omit<RunResult, 'patch'>;
}

/** What would be done, in words: nothing is made yet, and a coder would follow exactly this. */
export interface WordPlan extends PlanFrame {
  readonly kind: 'plan';
  /** Without anything that its comment would not show: `visiblePlan`. */
  readonly report: PlanReport;
  /** That wrote it; the coder who follows it is asked for anew. */
  readonly model: string;
}

/**
 * What a person approves is this and nothing else. Its hash covers every word of it, the commit that it is made on and the day
 * until which it stands.
 */
export type Plan = ChangePlan | WordPlan;

/** What lies under the hidden ref of an issue, beside the commit that it is about. */
export interface HeldRecord<Kind extends Plan = Plan> {
  readonly schema: 1;
  readonly plan: Kind;
  /** The commit of the change; of a plan in words the one that it was made on. */
  readonly change: string;
  /** The comment that shows the plan, and the SHA-256 of its text: who approves has read this one. */
  readonly comment: { readonly id: number; readonly digest: string };
}

/** Two weeks: a change that nobody wanted by then is made again, on what the code is by then. */
export const heldForMs = 14 * 24 * 3_600_000;

/** What the hash of a plan is taken of. */
export function planText(plan: Plan): string {
  return canonicalJson(plan);
}

/** What it says that it will touch: nobody else may have touched it since. */
export function plannedPaths(plan: Plan): readonly string[] {
  if (plan.kind === 'change') return plan.patch.files.map(({ path }) => path);
  return [...new Set(plan.report.steps.flatMap(({ paths }) => paths))];
}

export function plannedFile(file: PatchFile): PlannedFile {
  if (file.change === 'deleted') return file;
  const { content, ...planned } = file;
  return planned;
}
