import type { MergedFile } from '../domain/conflicts/lost-hunks.ts';
import type { PatchFile, PatchManifest } from '../domain/patch.ts';

export type LaidOutFiles = 'collected' | 'start';

/** The base is merged into the branch of a pull request here; patches are made against the base, as the pull request shows them. */
export interface WorkspaceMerge {
  /** Files that git could not merge; they hold its marks at the start. */
  readonly conflicted: readonly string[];
  /** Of what a patch makes of the merge: the files that are not as the one side has them that changed them, in all their versions. */
  versions(patch: PatchManifest, signal: AbortSignal): Promise<readonly MergedFile[]>;
}

/**
 * The checked-out repository as git sees it, read with a git directory of our own outside the workspace, so that no
 * configuration, hook or filter of the repository is ever obeyed.
 */
export interface Workspace extends AsyncDisposable {
  /** Absolute path of the working files. */
  readonly root: string;
  readonly baseSha: string;
  /** Absent: nothing is merged. */
  readonly merge?: WorkspaceMerge;
  /**
   * Remembers the files as they are now (after set-up), so that only what the agent does from here on is collected.
   */
  markStart(signal: AbortSignal): Promise<void>;
  /** All that differs from the mark, laid over the base tree. Undefined when nothing does. */
  collectPatch(runId: string, signal: AbortSignal): Promise<PatchManifest | undefined>;
  /** A patch that was collected here without some of its files, with the tree that results then. */
  keepOnly(patch: PatchManifest, keep: (file: PatchFile) => boolean, signal: AbortSignal): Promise<PatchManifest>;
  /** Paths of the files that are collected when they change, as of the last mark or collection: all but ignored ones. */
  knownFiles(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /**
   * Writes those files into an empty folder, as they were then, with git data of the repository's own beside them. Those that
   * are as they were at the mark keep their times, so that what was built from them is not built anew. `start`: all of them as
   * they were at the mark, without what was done since.
   */
  layOut(folder: string, signal: AbortSignal, files?: LaidOutFiles): Promise<void>;
  /** The unified diff of a patch against its base, for people and for the secret scan. */
  diff(patch: PatchManifest, signal: AbortSignal): Promise<string>;
}
