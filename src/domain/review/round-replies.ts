import { neutraliseMarkdown } from '../outgoing-text.ts';
import type { FindingAnswer, FindingAnswerKind, KnownFinding } from '../reports/open-finding.ts';
import type { FindingStanding } from '../reports/review-report.ts';
import { type FindingTextOptions, withoutSuggestions } from './finding-comment.ts';
import { findingMarker } from './finding-marks.ts';
import type { FindingWord } from './merge-round.ts';

const maxWhy = 3_000;

const standingWords: Readonly<Record<FindingStanding, string>> = {
  fixed: '**Fixed.**',
  refuted: '**Settled:** it is no problem.',
  open: '**Back again.**',
};

/** The reviewer's word under a finding of an earlier round. */
export function standingReply({ finding, why }: FindingWord, options: FindingTextOptions): string {
  const { standing, fingerprint } = finding;
  const mark = findingMarker(options.run, { kind: 'standing', fingerprint, round: options.round, standing });
  return reply(`${mark}\n${standingWords[standing]}`, why, options);
}

const answerWords: Readonly<Record<FindingAnswerKind, string>> = {
  fixed: '**Changed.**',
  refuted: '**Not changed:** it is as it should be.',
  'left-open': '**Left open.**',
};

/** The coder's word under a finding, with the commit in which it is answered. */
export function answerReply(
  { fingerprint, answer, why }: FindingAnswer,
  { headSha, ...options }: FindingTextOptions & { readonly headSha: string },
): string {
  const mark = findingMarker(options.run, { kind: 'answer', fingerprint, round: options.round, answer });
  const inCommit = answer === 'fixed' ? ` In ${headSha.slice(0, 12)}.` : '';
  return reply(`${mark}\n${answerWords[answer]}${inCommit}`, why, options);
}

/** Answers to findings that are open and have a conversation: one that is told already, by its words, is not told again. */
export function answersToTell(
  known: readonly KnownFinding[],
  answers: readonly FindingAnswer[],
): readonly { readonly finding: KnownFinding; readonly answer: FindingAnswer }[] {
  return known.flatMap((finding) => {
    const answer = answers.findLast(({ fingerprint }) => fingerprint === finding.fingerprint);
    return answer === undefined || finding.standing !== 'open' ? [] : [{ finding, answer }];
  });
}

function reply(first: string, why: string, { outgoing }: FindingTextOptions): string {
  const text = withoutSuggestions(neutraliseMarkdown(why, { ...outgoing, maxLength: maxWhy }));
  return text === '' ? first : `${first}\n\n${text}`;
}
