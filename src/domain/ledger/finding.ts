/** What is wrong with a ledger, and where first. Texts say what was seen; nothing of a record's content is in them. */
export interface LedgerFinding {
  readonly kind: (typeof findingKinds)[number];
  /** The stored object that is meant. */
  readonly key: string;
  /** Of the record within its writer, where one is meant. */
  readonly seq?: number;
  readonly text: string;
}

export const findingKinds = [
  /** The signed head: unreadable, by no known key, of another log, or older than one that is known. */
  'checkpoint',
  /** A tile or a bundle of entries is missing or is not what the root was made of. */
  'tree',
  /** A segment that the tree has is not there, or is not the one that it has. */
  'segment',
  /** Another version, or another history, under the same name. */
  'shadow',
  /** A record is not one, is of somebody else, or does not go on from the one before. */
  'record',
  /** Records between two segments, or at a writer's end, are missing or are there twice. */
  'gap',
  /** A writer that the end of its run names is missing, or ended otherwise. */
  'seal',
] as const;
