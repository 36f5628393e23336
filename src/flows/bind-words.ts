import { type Approval, type BoundIssue, bindApproval, isApproved } from '../domain/approval.ts';
import type { CommentSnapshot, IssueSnapshot } from '../domain/issue.ts';
import { markOf } from '../domain/markers.ts';
import type { Gate, PermittedRequest } from './gate.ts';
import { type Hearing, hearing } from './hearing.ts';
import { commentDigest } from './plan-hash.ts';
import { seenDigest } from './seen-digest.ts';

/**
 * A conversation bound to the moment when somebody asked. What goes on without anybody asking is bound to what was seen when
 * somebody did: the issue must be that one still, and of later words only those count of people who may start agents, and answers
 * that were taken as such.
 */
export async function bindWords(
  { forge }: Pick<Gate, 'forge'>,
  { request, issue, comments }: BindingWords,
): Promise<BoundIssue> {
  const { approval, settings } = request;
  const mayBeHeard = hearing(forge, settings);
  const isOther = approval.digest !== undefined && seenDigest(issue) !== approval.digest;
  // Of an issue by somebody who may start agents nobody else than such people can have changed the words.
  if (isOther && !(await mayBeHeard(issue.author))) return { kind: 'changed', what: 'the issue' };
  const answers = new Set<number>();
  for (const { id, digest } of approval.answers ?? []) {
    const found = comments.find((comment) => comment.id === id);
    // Taken back by whoever wrote it.
    if (found === undefined) continue;
    if (commentDigest(found.body) !== digest) return { kind: 'changed', what: `an answer by @${found.author}` };
    answers.add(id);
  }
  if (!(await isUnseen(forge, request, issue))) return bindApproval(issue, comments, approval);
  const heard = await heardOf({ comments, approval }, mayBeHeard);
  const also = ({ id, author }: CommentSnapshot): boolean => answers.has(id) || heard.has(author);
  return bindApproval(issue, comments, { ...approval, also });
}

interface BindingWords {
  readonly request: Pick<PermittedRequest, 'approval' | 'settings' | 'cause'>;
  readonly issue: IssueSnapshot;
  readonly comments: readonly CommentSnapshot[];
}

/** Nobody had the words before their eyes who asked for this very run. On issues of our own nobody ever has. */
async function isUnseen(
  forge: Gate['forge'],
  { cause, approval }: BindingWords['request'],
  { author }: IssueSnapshot,
): Promise<boolean> {
  if (cause !== undefined && 'again' in cause) return true;
  switch (cause?.kind) {
    case 'step':
    case 'checks':
    case 'base':
    case 'schedule':
    case 'answer':
      return true;
    default:
      return approval.at === undefined && (await forge.isOwnAuthor(author));
  }
}

/** Each is a question to GitHub; of more people than this nobody's later word is waited for. */
const mostAsked = 30;

async function heardOf(
  { comments, approval }: { readonly comments: readonly CommentSnapshot[]; readonly approval: Approval },
  mayBeHeard: Hearing,
): Promise<ReadonlySet<string>> {
  const isOurs = ({ body }: CommentSnapshot): boolean => markOf(body) !== undefined;
  const bare = { ...approval, also: () => false };
  const later = comments.filter((comment) => !isOurs(comment) && !isApproved(comment, bare));
  const heard = new Set<string>();
  const authors = new Set(later.toReversed().map(({ author }) => author));
  for (const author of [...authors].slice(0, mostAsked)) if (await mayBeHeard(author)) heard.add(author);
  return heard;
}
