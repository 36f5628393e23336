export type Files = Readonly<Record<string, string>>;

/** Two changes of one project that overlap, from a common state. */
export interface ChangePair {
  readonly name: string;
  readonly source: 'generated' | 'history';
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
  /** What a careful person would make of both; undefined: nobody can tell without asking, or it has to be tried. */
  readonly resolved?: Files;
  /** Both cannot be kept: the right answer is a question. */
  readonly needsPerson: boolean;
}
