import type { Remark } from '../../domain/brief.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import type { ReviewCommentInfo, ReviewInfo } from '../../ports/forge-reviews.ts';
import type { BriefForge } from './brief-request.ts';

export interface RemarksRequest {
  readonly forge: Pick<BriefForge, 'reviews' | 'file' | 'isOwnAuthor'>;
  readonly pull: PullRequestInfo;
  readonly mayBeHeard: (login: string) => Promise<boolean>;
}

export interface FoundRemarks {
  /** In the order of the conversation. */
  readonly remarks: readonly Remark[];
  /** Left out: their authors may not start agents. */
  readonly unheard: number;
}

const mostRemarks = 60;
const mostBody = 4_000;
/** Lines of the code that a remark stands on, before and after its own. */
const around = 3;

/** What a review asks for: its own words when it requests changes, and its comments on lines whose threads are open. */
export async function remarksOfReview(request: RemarksRequest, reviewId: number): Promise<FoundRemarks> {
  const { forge, pull } = request;
  const review = (await forge.reviews.reviews(pull.number)).find(({ id }) => id === reviewId);
  if (review === undefined || review.state === 'PENDING' || review.state === 'DISMISSED') return nothing;
  const open = await openThreads(request);
  const own = open.flat().filter((comment) => comment.reviewId === reviewId);
  return heard(request, [...wordsOf(review), ...(await onLines(request, own))]);
}

/** A comment on a line, with what was said before it in its thread. */
export async function remarksOfComment(request: RemarksRequest, commentId: number): Promise<FoundRemarks> {
  const thread = (await openThreads(request)).find((comments) => comments.some(({ id }) => id === commentId)) ?? [];
  const asked = thread.find(({ id }) => id === commentId);
  if (asked === undefined || !(await isHeard(request, asked.author))) {
    return { remarks: [], unheard: asked === undefined ? 0 : 1 };
  }
  const until = thread.slice(0, thread.indexOf(asked) + 1);
  return heard(request, await onLines(request, until));
}

/** All that is open: threads that nobody resolved, and the newest review of each person that requests changes. */
export async function openRemarks(request: RemarksRequest): Promise<FoundRemarks> {
  const { forge, pull } = request;
  const newest = new Map<string, ReviewInfo>();
  for (const review of await forge.reviews.reviews(pull.number)) {
    if (review.state === 'CHANGES_REQUESTED' || review.state === 'APPROVED' || review.state === 'DISMISSED') {
      newest.set(review.author, review);
    }
  }
  const words = [...newest.values()].flatMap(wordsOf);
  return heard(request, [...words, ...(await onLines(request, (await openThreads(request)).flat()))]);
}

const nothing: FoundRemarks = { remarks: [], unheard: 0 };

interface Said {
  readonly author: string;
  readonly remark: Remark;
}

/** An approval asks for nothing; a comment without a line may be anything, so only a request for changes counts. */
function wordsOf({ id, author, body, state, submittedAt }: ReviewInfo): readonly Said[] {
  if (state !== 'CHANGES_REQUESTED' || body.trim() === '') return [];
  const createdAt = submittedAt ?? '';
  return [{ author, remark: { author, body: body.slice(0, mostBody), createdAt, commentId: id } }];
}

/** Comments by thread, each in order; those of resolved threads are answered. */
async function openThreads({ forge, pull }: RemarksRequest): Promise<readonly (readonly ReviewCommentInfo[])[]> {
  const [comments, threads] = [await forge.reviews.comments(pull.number), await forge.reviews.threads(pull.number)];
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const known = new Set(threads.flatMap((thread) => thread.comments));
  const told = threads
    .filter(({ resolved }) => !resolved)
    .map((thread) => thread.comments.flatMap((id) => byId.get(id) ?? []));
  // A comment that came after the threads were read is a thread of its own until somebody looks again.
  const late = comments.filter(({ id }) => !known.has(id)).map((comment) => [comment]);
  return [...told, ...late];
}

async function onLines(
  { forge, pull }: RemarksRequest,
  comments: readonly ReviewCommentInfo[],
): Promise<readonly Said[]> {
  const files = new Map<string, readonly string[]>();
  const said: Said[] = [];
  for (const { id, author, body, path, line, createdAt, inReplyTo } of comments.slice(0, mostRemarks)) {
    const begins = inReplyTo === undefined && line !== undefined;
    if (begins && !files.has(path)) files.set(path, await linesAt(forge, path, pull.headSha));
    const code = begins ? codeAround(files.get(path) ?? [], line) : '';
    const remark: Remark = {
      author,
      body: `${body.slice(0, mostBody)}${code}`,
      path,
      ...(line === undefined ? {} : { line }),
      createdAt,
      commentId: id,
    };
    said.push({ author, remark });
  }
  return said;
}

async function linesAt(forge: RemarksRequest['forge'], path: string, sha: string): Promise<readonly string[]> {
  const bytes = await forge.file(path, sha);
  return bytes === undefined ? [] : Buffer.from(bytes).toString('utf8').split('\n');
}

function codeAround(lines: readonly string[], line: number): string {
  const from = Math.max(0, line - 1 - around);
  const shown = lines.slice(from, line + around).map((text, at) => `${from + at + 1}: ${text.slice(0, 200)}`);
  return shown.length === 0 ? '' : `\n\nThe lines there now:\n${shown.join('\n')}`;
}

/** Our own words are heard too: a reviewer of ours writes its findings as such comments. */
async function heard(request: RemarksRequest, said: readonly Said[]): Promise<FoundRemarks> {
  const remarks: Remark[] = [];
  let unheard = 0;
  for (const { author, remark } of said) {
    if (await isHeard(request, author)) remarks.push(remark);
    else unheard += 1;
  }
  return { remarks: remarks.slice(0, mostRemarks), unheard };
}

async function isHeard({ forge, mayBeHeard }: RemarksRequest, author: string): Promise<boolean> {
  return (await mayBeHeard(author)) || (await forge.isOwnAuthor(author));
}
