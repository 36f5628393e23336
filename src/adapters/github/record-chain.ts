import { EntropyError } from '../../domain/error.ts';
import { readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { ApiAnswer } from './api-call.ts';
import { type CommitText, commitTextIn, readCommitText, readCommitTexts } from './commit-records.ts';
import { objectIn, textIn } from './json-reader.ts';
import { createRef, readRefHead, updateRef } from './refs.ts';

/** The newest commit of a ref, whose message holds a record as JSON. */
export interface ChainHead {
  /** Without `refs/`: `agents/claims/42`. */
  readonly ref: string;
  readonly commitSha: string;
  readonly treeSha: string;
  /** Undefined when the commit was written by somebody else than us. */
  readonly record: unknown;
}

export interface RecordChains {
  /** Undefined when the ref does not exist. One request, once it is known that this server can do it in one. */
  read(ref: string): Promise<ChainHead | undefined>;
  /**
   * For whoever goes on to write: one request even while nobody knows whether one is enough. A wrong `undefined` does no
   * harm, for `append` says `raced` when the ref exists; the next try has to `read`.
   */
  readToWrite(ref: string): Promise<ChainHead | undefined>;
  /** A commit on top of what was read; two requests. `raced`: somebody else was faster, and nothing was changed. */
  append(entry: ChainEntry): Promise<'appended' | 'raced'>;
  /** The newest commits of all refs with this prefix, in the order of their names. */
  list(prefix: string): Promise<readonly ChainHead[]>;
}

export interface ChainEntry {
  readonly ref: string;
  /** What was read; undefined for a ref that did not exist. */
  readonly head: ChainHead | undefined;
  /** First line of the commit's message. */
  readonly subject: string;
  readonly record: unknown;
}

export interface RecordChainsOptions {
  readonly api: GitHubApi;
  /** A new, never repeated name for each call. */
  readonly newId: () => string;
}

/** Git's tree without entries. Git knows it without storing it, and GitHub takes it for a commit. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const recordLine = 'record: ';
const explanation = 'Kept by entropy-playground. Never delete or force this ref: who may write is decided by it.';

/**
 * Records in refs: every change is a new commit on top of the last. GitHub creates a ref once and fast-forwards it for one of
 * two rivals, which makes a change atomic. Each commit is unique (the same commit pushed by two rivals would "win"
 * twice), and no ref is ever deleted (its numbers would begin anew).
 *
 * One request reads ref and record: `GET …/commits/{ref}` resolves full ref names as git does. GitHub documents it for
 * branches and tags only, so a "no such commit" is not believed before it has been seen to work for such a ref.
 */
export function createRecordChains({ api, newId }: RecordChainsOptions): RecordChains {
  let reading: 'in-one' | 'in-two' | 'unknown' = 'unknown';
  const seen = new Map<string, CommitText>();

  const readInOne = async (ref: string): Promise<ChainHead | undefined> => {
    const answer = await api.send({
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      params: { ref: `refs/${ref}` },
      purpose: `read refs/${ref}`,
      expected: [404, 422],
    });
    if (answer.status !== 200) return undefined;
    reading = 'in-one';
    const data = objectIn(answer.data, 'commit');
    return headOf(ref, textIn(data, 'sha'), commitTextIn(data['commit']));
  };

  const readInTwo = async (ref: string): Promise<ChainHead | undefined> => {
    const sha = await readRefHead(api, ref, `read refs/${ref}`);
    return sha === undefined ? undefined : headOf(ref, sha, await readCommitText(api, sha, `read refs/${ref}`));
  };

  const readToWrite = async (ref: string) => (reading === 'in-two' ? readInTwo(ref) : readInOne(ref));

  return {
    readToWrite,

    read: async (ref) => {
      const head = await readToWrite(ref);
      if (head !== undefined || reading !== 'unknown') return head;
      const other = await readInTwo(ref);
      if (other !== undefined) reading = 'in-two';
      return other;
    },

    append: async ({ ref, head, subject, record }) => {
      const purpose = `write refs/${ref}`;
      const message = `${subject}\n\n${explanation}\n\n${recordLine}${JSON.stringify(record)}\nnonce: ${newId()}\n`;
      const sha = await writeCommit(api, { message, head, purpose });
      if (head !== undefined) {
        return (await updateRef(api, { ref, sha, purpose })) === 'updated' ? 'appended' : 'raced';
      }
      return (await createRef(api, { ref, sha, purpose })) === 'created' ? 'appended' : 'raced';
    },

    list: async (prefix) => {
      // GitHub gives all of them in one answer, without pages.
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}',
        params: { ref: prefix },
        purpose: `list refs/${prefix}*`,
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data];
      const refs = entries.map(readRef).map(({ ref, sha }) => ({ ref: ref.replace(/^refs\//, ''), sha }));
      // A commit never changes: one that was read before need not be read again.
      const fresh = refs.filter(({ sha }) => !seen.has(sha)).map(({ sha }) => sha);
      const texts = await readCommitTexts(api, fresh, `read refs/${prefix}*`);
      const known = new Map([...seen, ...fresh.map((sha, index) => [sha, texts[index]] as const)]);
      seen.clear();
      const heads: ChainHead[] = [];
      for (const { ref, sha } of refs) {
        const text = known.get(sha);
        if (text === undefined) continue;
        seen.set(sha, text);
        heads.push(headOf(ref, sha, text));
      }
      return heads.sort((a, b) => (a.ref < b.ref ? -1 : 1));
    },
  };
}

async function writeCommit(
  api: GitHubApi,
  {
    message,
    head,
    purpose,
  }: { readonly message: string; readonly head: ChainHead | undefined; readonly purpose: string },
): Promise<string> {
  const send = (tree: string): Promise<ApiAnswer> =>
    api.send({
      route: 'POST /repos/{owner}/{repo}/git/commits',
      params: { message, tree, parents: head === undefined ? [] : [head.commitSha] },
      purpose,
      expected: head === undefined ? [404, 422] : [],
    });
  const answer = await send(head?.treeSha ?? emptyTree);
  const made = answer.status === 201 ? answer : await send(await noteTree(api, purpose));
  if (made.status === 201) return textIn(objectIn(made.data, 'commit'), 'sha');
  throw new EntropyError({
    code: 'E200',
    message: `cannot ${purpose}: GitHub answered ${made.status} to a new commit`,
    fix: 'check that the token may write contents; if it may, report this',
  });
}

/** For a server that does not know the empty tree: one with a note for whoever finds it. */
async function noteTree(api: GitHubApi, purpose: string): Promise<string> {
  const answer = await api.send({
    route: 'POST /repos/{owner}/{repo}/git/trees',
    params: { tree: [{ path: 'README.md', mode: '100644', type: 'blob', content: `${explanation}\n` }] },
    purpose,
  });
  return textIn(objectIn(answer.data, 'tree'), 'sha');
}

function headOf(ref: string, commitSha: string, { treeSha, message }: CommitText): ChainHead {
  return { ref, commitSha, treeSha, record: recordIn(message) };
}

function recordIn(message: string): unknown {
  const line = message.split('\n').find((candidate) => candidate.startsWith(recordLine));
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line.slice(recordLine.length));
  } catch {
    // Not JSON: not a record. Whoever needs it raises E701 with the name of the ref.
    return undefined;
  }
}
