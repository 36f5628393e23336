import { asCodeSpan } from './outgoing-text.ts';

/** What a dispatch says in place of a team's step: whether the pull request of this issue still conflicts is to be looked at. */
export const baseStep = 'base';

/** Two commits that git cannot merge. */
export interface ConflictingPair {
  readonly baseSha: string;
  readonly headSha: string;
}

/** Names everything that is said about one pair, so that a coder is sent for it once. */
export function pairOp({ baseSha, headSha }: ConflictingPair): string {
  return `base-${baseSha.slice(0, 16)}-${headSha.slice(0, 16)}`;
}

/** That no coder is sent for it any more is said about the pair as well. */
export function isAboutPair(op: string, pair: ConflictingPair): boolean {
  return op === pairOp(pair) || op === `refusal-${pairOp(pair)}`;
}

export interface StartedMerge extends ConflictingPair {
  readonly pullRequest: number;
  readonly branch: string;
}

export function mergeBegins({ pullRequest, branch, baseSha }: StartedMerge): string {
  return `${asCodeSpan(branch, 200)} has gone on to \`${baseSha.slice(0, 12)}\`, and git cannot merge pull request #${pullRequest} with it any more. Its coder brings both sides together now.`;
}

export function tooManyConflicts(runs: number): string {
  return `It conflicts with its base again after ${runs} runs that nobody asked for, so a person has to look now.`;
}
