import type { FindingAnswer, KnownFinding } from '../reports/open-finding.ts';
import type { EarlierFinding } from '../reports/review-report.ts';
import { matchFindings } from './match-findings.ts';
import type { PlacedFinding } from './placed-finding.ts';

export interface Round {
  /** What was known before it, by GitHub's own state. */
  readonly known: readonly KnownFinding[];
  readonly placed: readonly PlacedFinding[];
  readonly earlier: readonly EarlierFinding[];
  /** What the coder said with its change. */
  readonly answers: readonly FindingAnswer[];
  /** Counted from 1. */
  readonly round: number;
}

/** A known finding and why something becomes of it. Untrusted. */
export interface FindingWord {
  readonly finding: KnownFinding;
  readonly why: string;
}

/** What a round changes; nothing of it is in two lists. */
export interface MergedRound {
  /** All findings as they stand after it; the new ones without a comment yet. */
  readonly known: readonly KnownFinding[];
  /** Never told before. */
  readonly post: readonly PlacedFinding[];
  /** Gone: a word under them, and their conversations end. */
  readonly fixed: readonly FindingWord[];
  /** No problem, as the answer says: a word under them beside the answer, and their conversations end. */
  readonly refuted: readonly FindingWord[];
  /** Were fixed and are back: a word under them, and the conversation is open again. */
  readonly reopened: readonly FindingWord[];
  /** Told again and known already: nothing is posted. */
  readonly repeated: readonly KnownFinding[];
}

/**
 * One round of a review laid over those before. What is known is never told a second time: open ones stay as they are, refuted
 * ones and those that a person closed stay settled, and what was fixed and is back is opened again in its own conversation. A
 * finding is fixed when the reviewer says so and does not tell it again in the same breath.
 */
export function mergeRound({ known, placed, earlier, answers, round }: Round): MergedRound {
  const matched = matchFindings(known, placed);
  const toldAgain = new Map([...matched].map(([told, finding]) => [finding.fingerprint, told]));
  const merged = { known: [] as KnownFinding[], fixed: [] as FindingWord[], refuted: [] as FindingWord[] };
  const [reopened, repeated]: [FindingWord[], KnownFinding[]] = [[], []];
  for (const before of known) {
    const finding = withAnswer(before, answers);
    const again = toldAgain.get(finding.fingerprint);
    const word = earlier.find(({ fingerprint }) => fingerprint === finding.fingerprint);
    const after = standingAfter(finding, word?.standing, again !== undefined);
    const next = after === finding.standing ? finding : { ...finding, standing: after };
    merged.known.push(next);
    const why = word?.why ?? again?.finding.body ?? '';
    if (after === finding.standing) {
      if (again !== undefined) repeated.push(next);
    } else if (after === 'fixed') merged.fixed.push({ finding: next, why });
    else if (after === 'refuted') merged.refuted.push({ finding: next, why });
    else reopened.push({ finding: next, why });
  }
  const post = placed.filter((each) => !matched.has(each));
  return {
    ...merged,
    known: [...merged.known, ...post.map((each) => newFinding(each, round))],
    post,
    reopened,
    repeated,
  };
}

function standingAfter(
  { standing, closedBy }: KnownFinding,
  said: EarlierFinding['standing'] | undefined,
  toldAgain: boolean,
): KnownFinding['standing'] {
  switch (standing) {
    case 'open':
      return said === undefined || toldAgain ? 'open' : said;
    case 'fixed':
      return closedBy === undefined && (toldAgain || said === 'open') ? 'open' : 'fixed';
    case 'refuted':
      return 'refuted';
    default:
      return standing satisfies never;
  }
}

/** What the coder said, on the findings that it is about. */
export function withAnswer(finding: KnownFinding, answers: readonly FindingAnswer[]): KnownFinding {
  const last = answers.findLast(({ fingerprint }) => fingerprint === finding.fingerprint);
  if (last === undefined || finding.standing !== 'open') return finding;
  return { ...finding, answer: { answer: last.answer, why: last.why } };
}

/** As the next rounds remember it. */
function newFinding({ finding, fingerprint, place }: PlacedFinding, round: number): KnownFinding {
  const { category, title, body, severity } = finding;
  const line = place.kind === 'on' ? place.line : finding.line;
  return {
    ...{ fingerprint, path: place.path, category, title, body, severity, round, standing: 'open' },
    ...(line !== undefined && { line }),
  };
}
