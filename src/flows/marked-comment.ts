import type { CommentSnapshot } from '../domain/issue.ts';
import { type Marker, marker, markOf } from '../domain/markers.ts';
import type { Forge } from '../ports/forge.ts';

export interface MarkedComment {
  readonly mark: Marker;
  /** Without the marker, which becomes the first line. */
  readonly text: string;
  /** The comments as they are, when they were just read. */
  readonly known?: readonly CommentSnapshot[];
}

/**
 * Writes a comment once, however often it is tried: GitHub has no such guard, so the marker is looked for before, and
 * after; when two runs wrote at the same moment the older comment stays and the younger goes.
 */
export async function commentOnce(
  forge: Forge,
  { mark, text, known }: MarkedComment,
): Promise<{ readonly kind: 'created' | 'was-there'; readonly comment: CommentSnapshot }> {
  const before = await oldestOfOurs(forge, marked(known ?? (await forge.comments(mark.issue)), mark));
  if (before !== undefined) return { kind: 'was-there', comment: before };
  const created = await forge.createComment(mark.issue, `${marker(mark)}\n${text}\n`);
  const all = marked(await forge.comments(mark.issue), mark).filter(({ author }) => author === created.author);
  const first = byAge(all)[0] ?? created;
  if (first.id === created.id) return { kind: 'created', comment: created };
  await forge.deleteComment(created.id);
  return { kind: 'was-there', comment: first };
}

/**
 * The one comment of its kind (`op`) on an issue or pull request: written anew in its place, so that there is one, however often
 * it is told. `of`: only one of the same run is its own.
 */
export async function keepComment(
  forge: Forge,
  { mark, text, of, known }: MarkedComment & { readonly of: 'any-run' | 'this-run' },
): Promise<CommentSnapshot> {
  const body = `${marker(mark)}\n${text}\n`;
  const there = known ?? (await forge.comments(mark.issue));
  const before = await findKept(forge, there, { mark, of });
  if (before !== undefined) return before.body === body ? before : forge.updateComment(before.id, body);
  return (await commentOnce(forge, { mark, text, known: there })).comment;
}

/** The comment that `keepComment` would write to. */
export async function findKept(
  forge: Pick<Forge, 'isOwnAuthor'>,
  comments: readonly CommentSnapshot[],
  { mark: { issue, op, run }, of }: { readonly mark: Omit<Marker, 'fence'>; readonly of: 'any-run' | 'this-run' },
): Promise<CommentSnapshot | undefined> {
  const kept = comments.filter(({ body }) => {
    const found = markOf(body);
    return found?.op === op && found.issue === issue && (of === 'any-run' || found.run === run);
  });
  return oldestOfOurs(forge, kept);
}

function marked(comments: readonly CommentSnapshot[], wanted: Marker): readonly CommentSnapshot[] {
  return comments.filter(({ body }) => {
    const found = markOf(body);
    return found !== undefined && found.op === wanted.op && found.run === wanted.run && found.fence === wanted.fence;
  });
}

/** Anybody can copy a marker, but nobody our name: of the comments that carry it, the first that we wrote. */
export async function oldestOfOurs(
  forge: Pick<Forge, 'isOwnAuthor'>,
  comments: readonly CommentSnapshot[],
): Promise<CommentSnapshot | undefined> {
  for (const comment of byAge(comments)) if (await forge.isOwnAuthor(comment.author)) return comment;
  return undefined;
}

function byAge(comments: readonly CommentSnapshot[]): readonly CommentSnapshot[] {
  return [...comments].sort((a, b) => a.id - b.id);
}
