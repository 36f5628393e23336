import type { GitObject } from './object-reader.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
}

export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  readonly signature: string | undefined;
}

/** Reads the text of a commit object; git has already checked its form. */
export function parseCommit(object: GitObject): CommitObject {
  const text = object.bytes.toString('utf8');
  const gap = text.indexOf('\n\n');
  const head = gap < 0 ? text : text.slice(0, gap);
  const message = gap < 0 ? '' : text.slice(gap + 2);
  // A header's continuation lines start with a space (gpgsig, mergetag).
  const fields = head.replaceAll('\n ', '\u0000').split('\n');
  const values = (name: string) =>
    fields.filter((field) => field.startsWith(`${name} `)).map((field) => field.slice(name.length + 1));
  return {
    sha: object.sha,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: message.endsWith('\n') ? message.slice(0, -1) : message,
    signature: values('gpgsig')[0]?.replaceAll('\u0000', '\n'),
  };
}

function parseSignature(line: string): Signature {
  const match = /^(.*?) ?<([^>]*)> ?(-?\d+)?/.exec(line);
  const seconds = Number(match?.[3] ?? 0);
  return {
    name: match?.[1] ?? '',
    email: match?.[2] ?? '',
    date: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  };
}

export interface TreeItem {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
}

/** One level of a tree object: `<mode> <name>\0<20 bytes>` repeated. */
export function parseTree(bytes: Buffer): TreeItem[] {
  const items: TreeItem[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const mode = bytes.toString('latin1', at, space).padStart(6, '0');
    const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
    items.push({
      path: bytes.toString('utf8', space + 1, end),
      mode,
      type,
      sha: bytes.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return items;
}
