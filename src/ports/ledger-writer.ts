import type { LedgerAct, LedgerEntry, LedgerSeal } from '../domain/ledger/ledger-record.ts';

/** What is told of an act; who did it for whom, and in which trace, the writer knows. */
export type LedgerNote = Pick<
  LedgerEntry,
  'decision' | 'git' | 'usage' | 'cost_microusd' | 'issue' | 'on_behalf_of' | 'auth' | 'span_id'
> & {
  readonly act: Omit<LedgerAct, 'phase' | 'intent'>;
  /** Instead of the writer's own. */
  readonly actor?: LedgerEntry['actor'];
};

/** An act that was begun: its intent is on the disk. */
export interface BegunAct {
  /** How it went. Once; what is told of the same act again is left out. */
  done(result: Partial<Omit<LedgerNote, 'act'>> & { readonly act?: Partial<LedgerNote['act']> }): void;
}

/**
 * One chain of records of one process. Everything is on the disk before a call returns, so that a kill loses nothing of what was told.
 * A fault of the disk is thrown: what cannot be recorded is not done.
 */
export interface LedgerWriter {
  /** Before the act. */
  intend(note: LedgerNote): BegunAct;
  /** What needs no intent: a decision, an end. */
  note(note: LedgerNote): void;
  /** Until everything that was told is stored where others see it. Before whatever cannot be taken back: a push, a comment, a merge. */
  flush(signal?: AbortSignal): Promise<void>;
  /** The last record, then a flush. `writers`: the others of this run, by whoever ends the run. */
  end(writers?: LedgerSeal['writers'], signal?: AbortSignal): Promise<void>;
}
