import { counted } from '../counted.ts';
import type { KnownFinding } from '../reports/open-finding.ts';
import { openDemands } from './convergence.ts';
import type { MergedRound } from './merge-round.ts';

/** `2 findings ask for changes`, `nothing asks for changes`. */
export function demandWords(known: readonly KnownFinding[]): string {
  const demands = openDemands(known).length;
  return demands === 0 ? 'nothing asks for changes' : `${counted(demands, 'finding asks', 'findings ask')} for changes`;
}

/** What a round came to, in one line. */
export function reviewTold({ post, fixed, refuted, reopened, repeated, known }: MergedRound): string {
  const open = known.filter(({ standing }) => standing === 'open').length;
  const parts = [
    `${post.length} new`,
    ...(fixed.length === 0 ? [] : [`${fixed.length} fixed`]),
    ...(refuted.length === 0 ? [] : [`${refuted.length} settled as no problem`]),
    ...(reopened.length === 0 ? [] : [`${reopened.length} back again`]),
    ...(repeated.length === 0 ? [] : [`${repeated.length} known before and not repeated`]),
    `${open} open`,
  ];
  return `${parts.join(', ')}.`;
}
