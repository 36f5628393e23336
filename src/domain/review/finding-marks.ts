import { type Marker, marker, parseMarkers } from '../markers.ts';
import { type Severity, severities } from '../reports/finding.ts';
import { type FindingAnswerKind, findingAnswers } from '../reports/open-finding.ts';
import { type FindingStanding, findingStandings } from '../reports/review-report.ts';
import { fingerprintShape } from './fingerprint.ts';

/** What a text of ours is about, hidden in it, so that the next round knows it again from GitHub's own state. */
export type FindingMark =
  /** Tells the finding. */
  | { readonly kind: 'finding'; readonly fingerprint: string; readonly round: number; readonly severity: Severity }
  /** What the coder says about it. */
  | {
      readonly kind: 'answer';
      readonly fingerprint: string;
      readonly round: number;
      readonly answer: FindingAnswerKind;
    }
  /** What the reviewer says about it in a later round. */
  | {
      readonly kind: 'standing';
      readonly fingerprint: string;
      readonly round: number;
      readonly standing: FindingStanding;
    };

/** The `op` of a marker: `finding-0123456789abcdef-r1-major`. Of one mark and round there is one text. */
export function findingOp(mark: FindingMark): string {
  const about = `${mark.kind}-${mark.fingerprint}-r${mark.round}`;
  switch (mark.kind) {
    case 'finding':
      return `${about}-${mark.severity}`;
    case 'answer':
      return `${about}-${mark.answer}`;
    case 'standing':
      return `${about}-${mark.standing}`;
    default:
      return mark satisfies never;
  }
}

export function readFindingOp(op: string): FindingMark | undefined {
  const match = /^(finding|answer|standing)-([0-9a-f]{16})-r([1-9][0-9]{0,5})-([a-z-]{1,20})$/.exec(op);
  if (match === null) return undefined;
  const [, kind, fingerprint = '', digits, word] = match;
  if (!fingerprintShape.test(fingerprint)) return undefined;
  const about = { fingerprint, round: Number(digits) };
  const severity = severities.find((each) => each === word);
  const answer = findingAnswers.find((each) => each === word);
  const standing = findingStandings.find((each) => each === word);
  if (kind === 'finding' && severity !== undefined) return { kind, ...about, severity };
  if (kind === 'answer' && answer !== undefined) return { kind, ...about, answer };
  return kind === 'standing' && standing !== undefined ? { kind, ...about, standing } : undefined;
}

export function findingMarker(run: Omit<Marker, 'op'>, mark: FindingMark): string {
  return marker({ ...run, op: findingOp(mark) });
}

/** A mark with the text that follows it, up to the next marker of ours. */
export interface MarkedText {
  readonly mark: FindingMark;
  readonly text: string;
}

/**
 * The marks in a text that we wrote, and what stands behind each. A stranger can type all of this: whose text it is, the caller
 * has to ask.
 */
export function markedTexts(body: string, issue: number): readonly MarkedText[] {
  const pieces = body.split('<!-- entropy:').slice(1);
  return pieces.flatMap((piece) => {
    const end = piece.indexOf('-->');
    const [found] = end === -1 ? [] : parseMarkers(`<!-- entropy:${piece.slice(0, end + 3)}`);
    const mark = found?.issue === issue ? readFindingOp(found.op) : undefined;
    return mark === undefined ? [] : [{ mark, text: piece.slice(end + 3).trim() }];
  });
}
