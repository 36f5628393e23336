import type { ClaimKey } from '../../domain/claim.ts';
import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ItemKey, padded } from './item-keys.ts';

/** So many events lie in one partition. The next ones go to the next, so no partition is written to for ever. */
const eventsPerPartition = 1_000;

/** The newest position, and when it was given. Every event that is numbered moves it. */
export const logEndKey: ItemKey = { pk: 'LOG', sk: 'END' };

export const logPartition = (seq: number): string => `LOG#${padded(Math.floor(seq / eventsPerPartition))}`;
export const logEventKey = (seq: number): ItemKey => ({ pk: logPartition(seq), sk: padded(seq) });
/** The last position of the partition that this one lies in. */
export const lastOfPartition = (seq: number): number =>
  (Math.floor(seq / eventsPerPartition) + 1) * eventsPerPartition - 1;

/** What events are about, and looked for by. */
export type LogSubject = `task/${ClaimKey}` | `run/${string}` | `repository/${string}`;
export const subjectPartition = (subject: LogSubject): string => `LOG-OF#${subject}`;

/** `github/octo/slug` of a task in it; undefined for anything else. */
export function repositoryOfTask(task: string): string | undefined {
  return /^(github\/[^/]+\/[^/]+)\/./.exec(task)?.[1];
}

/** How far an item's changes have been numbered; beside the item, never in it, so that numbering changes no item. */
export const numberedKey = ({ pk, sk }: ItemKey): ItemKey => ({ pk: `NUMBERED#${pk}`, sk: `NUMBERED#${sk}` });
/** Whether the log has told of the opening of a book. */
export const toldBookKey = (book: BudgetKey): ItemKey => ({ pk: `NUMBERED#BUDGET#${book}`, sk: 'NUMBERED#BOOK' });

/** All partitions that numbering writes into, as patterns: nothing that claims, budgets or tasks lie in. */
export const logPartitions = ['LOG', 'LOG#*', 'LOG-OF#*', 'NUMBERED#*'] as const;

export function seqOfSortKey(sk: string): number {
  const seq = Number(sk);
  if (Number.isSafeInteger(seq) && seq > 0) return seq;
  throw new EntropyError({
    code: 'E710',
    message: `the activity log holds an event at "${sk}", which is no position`,
    fix: 'look who else writes into the table; nobody but the archiver writes the log',
  });
}
