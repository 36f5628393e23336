import type { PatchManifest } from '../patch.ts';

/**
 * What a run had changed when it ended without handing anything in: it was stopped, met a limit or failed. Made by a model and kept
 * where whoever may push can write, so nothing in it is believed: it is data, checked like every patch.
 */
export interface UnfinishedWork {
  readonly schema: 1;
  readonly issue: number;
  readonly runId: string;
  readonly fence: number;
  /** Against what that run started from. */
  readonly patch: PatchManifest;
  /** The same as a commit, for people to look at. */
  readonly commit: string;
  /** What the run noted for whoever goes on. */
  readonly memory?: string;
}

/** Files to begin with, in a task. */
export type TakenUp = Pick<UnfinishedWork, 'runId' | 'patch' | 'memory'>;

/** No branch: no workflow starts, nothing is listed or offered for merging. */
export function unfinishedRef(issue: number): string {
  return `refs/agents/wip/${issue}`;
}
