import { asksForChanges } from '../reports/finding.ts';
import type { KnownFinding } from '../reports/open-finding.ts';

/** Those that have to be answered before a person is asked to merge. */
export function openDemands(known: readonly KnownFinding[]): readonly KnownFinding[] {
  return known.filter(({ standing, severity }) => standing === 'open' && asksForChanges(severity));
}

/** Nothing is left that asks for changes; advice may be. */
export function isConverged(known: readonly KnownFinding[]): boolean {
  return openDemands(known).length === 0;
}

/** How often the coder may still be sent back; 0: it is a person's turn. `round`: the one that has just ended. */
export function roundsLeft(round: number, maxRounds: number): number {
  return Math.max(0, maxRounds - round);
}

/** How a review is handed in. Agents approve nothing. */
export function reviewEvent(known: readonly KnownFinding[]): 'REQUEST_CHANGES' | 'COMMENT' {
  return isConverged(known) ? 'COMMENT' : 'REQUEST_CHANGES';
}
