/** All files of a version that a pair is about, by path. */
export type Files = Readonly<Record<string, string>>;

export type PairSource =
  /** Made up for kinds of conflict that a history may lack. */
  | 'generated'
  /** Two release lines of a published package that were both gone on with. */
  | 'release lines'
  /** A commit of this repository, picked onto the state before an earlier one that touched the same lines. */
  | 'picked commits';

/** Two changes of one project that overlap, from a common state. What a right merge would be is not in it. */
export interface ChangePair {
  readonly name: string;
  readonly source: PairSource;
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
  readonly tests: PairTests;
}

export interface PairTests {
  /** Lays what the tests need, beside the files of the pair, into an empty folder. */
  readonly around: (folder: string) => void;
  /** Of the files that are there; exit code 0: they pass. */
  readonly command: (has: (path: string) => boolean) => readonly [string, ...string[]];
}

/** Every path that is in one of the versions. */
export function pathsOf({ base, ours, theirs }: ChangePair): readonly string[] {
  return [...new Set([base, ours, theirs].flatMap((files) => Object.keys(files)))].sort();
}
