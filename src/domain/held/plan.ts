import { canonicalJson } from '../canonical-json.ts';
import type { PatchFile, PatchManifest } from '../patch.ts';
import type { RunResult } from '../run-result.ts';
import type { Continuation } from '../task.ts';
import type { ReviewReason } from './review-reason.ts';

type WithoutContent<File> = File extends { readonly content: string } ? Omit<File, 'content'> : File;

/** What happens to one path. Its content is named by its object id, and lies in the held commit. */
export type PlannedFile = WithoutContent<PatchFile>;

/**
 * Everything that would be published: what a person approves is this and nothing else. Its hash covers every word of it, the
 * commit that it is made on and the day until which it stands.
 */
export interface Plan {
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
  readonly patch: Omit<PatchManifest, 'files' | 'runId'> & { readonly files: readonly PlannedFile[] };
  readonly reasons: readonly ReviewReason[];
  readonly result: Omit<RunResult, 'patch'>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What lies under the hidden ref of an issue, beside the commit that holds the change. */
export interface HeldRecord {
  readonly schema: 1;
  readonly plan: Plan;
  /** The commit of the change. */
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

export function plannedFile(file: PatchFile): PlannedFile {
  if (file.change === 'deleted') return file;
  const { content, ...planned } = file;
  return planned;
}
