import { counted } from '../counted.ts';
import type { Marker } from '../markers.ts';
import { marker } from '../markers.ts';
import { neutraliseInline, neutraliseMarkdown, type OutgoingOptions } from '../outgoing-text.ts';
import type { KnownFinding } from '../reports/open-finding.ts';
import { besideBlocks } from './beside-text.ts';
import { isConverged, openDemands, roundsLeft } from './convergence.ts';
import { withoutSuggestions } from './finding-comment.ts';
import { findingMarker } from './finding-marks.ts';
import type { MergedRound } from './merge-round.ts';
import type { PlacedFinding } from './placed-finding.ts';
import { demandWords } from './review-told.ts';

export interface ReviewFacts {
  readonly run: Omit<Marker, 'op'>;
  readonly outgoing: Omit<OutgoingOptions, 'maxLength'>;
  /** Counted from 1. */
  readonly round: number;
  /** How many there are; absent: nobody sends a coder by itself. */
  readonly maxRounds?: number;
  /** What was looked at. */
  readonly headSha: string;
  /** The reviewer's words. Untrusted. */
  readonly summary: string;
  readonly notReviewed: readonly string[];
  readonly merged: MergedRound;
  /** Findings that go without a line although they have one: GitHub did not take their comments. */
  readonly withoutLine?: readonly PlacedFinding[];
  /** Changes are asked for, and GitHub takes no such review from whoever opened the pull request. */
  readonly asksInWords?: boolean;
  /** GitHub has not told of all files. */
  readonly isPartial?: boolean;
  /** GitHub takes no review of the commit that it is about, so it stands beside the newest one. */
  readonly isBeside?: boolean;
  /** Where the pull request is by now, when that is elsewhere. */
  readonly movedTo?: string;
}

export const reviewOp = 'review';

const maxSummary = 4_000;
const maxNotReviewed = 20;
const maxItem = 300;
/** GitHub takes 65,536 characters. */
const maxAll = 65_000;
/** Of what is said about findings of earlier rounds, characters. */
const maxEarlier = 12_000;

/** The text above a review's comments: what came out, what it is about, what has no line, and how it goes on. */
export function reviewText(facts: ReviewFacts): string {
  const { run, outgoing, summary, merged, withoutLine = [] } = facts;
  const beside = [...merged.post.filter(({ place }) => place.kind === 'beside'), ...withoutLine];
  const blocks = [
    `${marker({ ...run, op: reviewOp })}\n**${outcome(facts)}**`,
    notes(facts),
    withoutSuggestions(neutraliseMarkdown(summary, { ...outgoing, maxLength: maxSummary })),
    ...earlier(facts),
    ...notReviewed(facts),
    next(facts),
  ].filter((block) => block !== '');
  const room = maxAll - blocks.join('\n\n').length;
  return [...blocks, ...besideBlocks(beside, { run, round: facts.round, outgoing }, room)].join('\n\n');
}

function outcome({ merged, round, maxRounds, headSha }: ReviewFacts): string {
  const open = merged.known.filter(({ standing }) => standing === 'open').length;
  const advice = open - openDemands(merged.known).length;
  const asked = demandWords(merged.known);
  const besides = advice === 0 ? '' : `, ${counted(advice, 'remark')} besides`;
  const rounds = maxRounds === undefined ? '' : ` of ${maxRounds}`;
  return `Review of ${headSha.slice(0, 12)}, round ${round}${rounds}: ${asked}${besides}.`;
}

/** What somebody has to know to read the rest rightly. */
function notes({ asksInWords, isPartial, isBeside, movedTo }: ReviewFacts): string {
  const lines = [
    asksInWords === true
      ? 'It asks for changes in words only: GitHub takes no other request from whoever opened the pull request.'
      : '',
    isPartial !== true
      ? ''
      : 'GitHub does not tell of all files of so large a change: what it leaves out has no comments on lines here.',
    movedTo === undefined
      ? ''
      : `Somebody pushed since: the pull request is at ${movedTo.slice(0, 12)}, which nobody has looked at.`,
    isBeside !== true
      ? ''
      : 'GitHub takes no comments on lines of the commit that this is about: all of it stands here, and asks in words.',
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** What became of the findings of the rounds before; of those without a conversation this is the only word. */
function earlier({ run, round, outgoing, merged }: ReviewFacts): readonly string[] {
  let left = maxEarlier;
  let untold = 0;
  const line = ({ finding, why }: { readonly finding: KnownFinding; readonly why: string }, word: string): string => {
    const { fingerprint, standing, commentId } = finding;
    const mark = commentId === undefined ? findingMarker(run, { kind: 'standing', fingerprint, round, standing }) : '';
    const text = words(finding.title, why, word);
    left -= text.length;
    if (left < 0) untold += 1;
    return left < 0 ? mark : `${text}${mark}`;
  };
  const words = (called: string, why: string, word: string): string => {
    const title = neutraliseInline(called, { ...outgoing, maxLength: maxItem });
    const because = neutraliseInline(why, { ...outgoing, maxLength: maxItem });
    return `- ${word}: ${title}${because === '' ? '' : ` (${because})`}`;
  };
  const lines = [
    ...merged.fixed.map((each) => line(each, 'fixed')),
    ...merged.refuted.map((each) => line(each, 'settled')),
    ...merged.reopened.map((each) => line(each, 'back again')),
  ];
  if (untold > 0) lines.push(`- and ${counted(untold, 'more', 'more')}, for whose words there is no room here`);
  const still = merged.repeated.filter(({ standing }) => standing === 'open').length;
  if (still > 0) lines.push(`- ${counted(still, 'finding')} of earlier rounds still stands where it was told`);
  return lines.length === 0 ? [] : [`Since the last round:\n\n${lines.filter((each) => each !== '').join('\n')}`];
}

function notReviewed({ notReviewed: items, outgoing }: ReviewFacts): readonly string[] {
  if (items.length === 0) return [];
  const shown = items
    .slice(0, maxNotReviewed)
    .map((item) => `- ${neutraliseInline(item, { ...outgoing, maxLength: maxItem })}`);
  const more = items.length > maxNotReviewed ? [`- and ${items.length - maxNotReviewed} more`] : [];
  return [`Not looked at:\n\n${[...shown, ...more].join('\n')}`];
}

function next({ merged, round, maxRounds }: ReviewFacts): string {
  if (isConverged(merged.known)) return 'Whether it is merged is for a person to say.';
  if (maxRounds === undefined) return 'Each finding is answered with a change or with a reason.';
  const left = roundsLeft(round, maxRounds);
  if (left === 0) return `After ${counted(round, 'round')} it is a person's turn to decide what is still open.`;
  return `Answer each finding with a change or with a reason; ${counted(left, 'round')} left before a person is asked.`;
}
