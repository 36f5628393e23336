import type { LedgerEntry } from '../../domain/ledger/ledger-record.ts';
import { redactAll } from '../../domain/secret-guard.ts';
import { sliceWhole } from '../../domain/visible-text.ts';

/** Named in a record, so that whoever reads it later knows what was looked for. */
export const redactionRules = 'entropy-playground/1';
/** Letters of one text: what a model or a person wrote is told by its first words only. */
const mostLetters = 1_000;

/** Without secrets, without half letters, and short: as it may be stored for ever. */
export function redactedEntry(entry: LedgerEntry, redact: (text: string) => string): LedgerEntry {
  let count = 0;
  const clear = (text: string): string => {
    const whole = text.toWellFormed();
    const redacted = redact(whole);
    if (redacted !== whole) count += 1;
    return redacted.length > mostLetters ? `${sliceWhole(redacted, mostLetters - 1)}…` : redacted;
  };
  const cleared = redactAll(entry, clear);
  return count === 0 ? cleared : { ...cleared, redaction: { ruleset: redactionRules, count } };
}
