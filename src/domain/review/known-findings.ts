import type { KnownFinding } from '../reports/open-finding.ts';
import { readToldFinding, readToldPlace } from './finding-comment.ts';
import { type MarkedText, markedTexts } from './finding-marks.ts';

/** What GitHub tells of a pull request's reviews, as far as rounds are read from it. */
export interface ReviewState {
  readonly reviews: readonly {
    readonly id: number;
    readonly author: string;
    readonly body: string;
    readonly submittedAt: string | undefined;
  }[];
  readonly comments: readonly {
    readonly id: number;
    readonly author: string;
    readonly body: string;
    readonly path: string;
    readonly line: number | undefined;
    readonly inReplyTo: number | undefined;
    readonly createdAt: string;
  }[];
  readonly threads: readonly {
    readonly resolved: boolean;
    /** Closed by somebody whose word settles nothing. */
    readonly closedBy?: 'stranger';
    readonly comments: readonly number[];
  }[];
}

export interface KnownFindingsOptions {
  /** Whether a text by this author was written with our own token: marks of others are typed, not written by us. */
  readonly isOwn: (author: string) => boolean;
  /** The number that the marks carry. */
  readonly issue: number;
}

interface Said {
  readonly at: string;
  readonly id: number;
  readonly marked: MarkedText;
}

/**
 * What was found and what became of it, from GitHub's own state and nothing else, so that a killed round, another machine or a
 * lost record change nothing. Of one finding told twice the first telling counts. A conversation that a person closed is settled,
 * whatever it was about, if that person may settle something; one that is open again is open, whatever we said.
 */
export function knownFindings(state: ReviewState, { isOwn, issue }: KnownFindingsOptions): readonly KnownFinding[] {
  const known = new Map<string, KnownFinding>();
  const learn = (finding: KnownFinding | undefined): void => {
    if (finding !== undefined && !known.has(finding.fingerprint)) known.set(finding.fingerprint, finding);
  };
  const comments = state.comments.filter(({ author }) => isOwn(author)).toSorted((one, other) => one.id - other.id);
  const reviews = state.reviews
    .filter(({ author, submittedAt }) => isOwn(author) && submittedAt !== undefined)
    .toSorted((one, other) => one.id - other.id);
  const said: Said[] = [];
  for (const { id, body, path, line, inReplyTo, createdAt } of comments) {
    const marks = markedTexts(body, issue);
    if (inReplyTo === undefined) {
      const at = line === undefined ? { path } : { path, line };
      learn(marks[0] && toldAt(marks[0], { ...at, commentId: id }));
    } else said.push(...marks.map((marked) => ({ at: createdAt, id, marked })));
  }
  for (const { id, body, submittedAt = '' } of reviews) {
    for (const marked of markedTexts(body, issue)) {
      if (marked.mark.kind === 'finding') learn(toldBeside(marked));
      else said.push({ at: submittedAt, id, marked });
    }
  }
  said.sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || one.id - other.id);
  for (const { marked } of said) {
    const before = known.get(marked.mark.fingerprint);
    if (before !== undefined) known.set(before.fingerprint, afterWord(before, marked));
  }
  return [...known.values()].map((finding) => afterThread(finding, state.threads));
}

type Place = Pick<KnownFinding, 'path' | 'line' | 'commentId'>;

function toldAt({ mark, text }: MarkedText, place: Place): KnownFinding | undefined {
  if (mark.kind !== 'finding') return undefined;
  const told = readToldFinding(text);
  const { fingerprint, severity, round } = mark;
  return { ...told, ...place, fingerprint, severity, round, standing: 'open' };
}

function toldBeside(marked: MarkedText): KnownFinding | undefined {
  const finding = toldAt(marked, { path: '' });
  return finding && { ...finding, ...readToldPlace(finding.body) };
}

function afterWord(finding: KnownFinding, { mark, text }: MarkedText): KnownFinding {
  if (mark.kind === 'answer') return { ...finding, answer: { answer: mark.answer, why: behindFirstLine(text) } };
  return mark.kind === 'standing' ? { ...finding, standing: mark.standing } : finding;
}

function afterThread(finding: KnownFinding, threads: ReviewState['threads']): KnownFinding {
  const { commentId, standing } = finding;
  const thread = commentId === undefined ? undefined : threads.find(({ comments }) => comments.includes(commentId));
  if (thread === undefined) return finding;
  if (thread.closedBy === 'stranger' && standing === 'open') return finding;
  if (thread.resolved && standing === 'open') return { ...finding, standing: 'fixed', closedBy: 'person' };
  // Closed by us and opened by a person, or we were killed before we closed it: the next round looks at it again.
  return thread.resolved || standing === 'open' ? finding : { ...finding, standing: 'open' };
}

/** The first line is ours. */
function behindFirstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? '' : text.slice(end + 1).trim();
}
