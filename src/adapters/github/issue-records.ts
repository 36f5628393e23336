import { randomUUID } from 'node:crypto';
import { fullName } from '../../domain/repository.ts';
import type { IssueRecords } from '../../ports/issue-records.ts';
import { readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { readCommitTexts } from './commit-records.ts';
import { createRef, readRefHead, updateRef } from './refs.ts';
import { readTextCommit, writeTextCommit } from './text-commit.ts';

/** What one kind of record is called, and how it is read and written. */
export interface RecordKind<Value> {
  /** Below `refs/`: `agents/team`. */
  readonly place: string;
  /** `team.json` */
  readonly fileName: string;
  /** For sentences: `where the team stands with`. */
  readonly noun: string;
  /** Told in every commit, for whoever finds it. */
  readonly explanation: string;
  readonly maxBytes: number;
  readonly text: (record: Value) => string;
  readonly parse: (text: string, place: { readonly repository: string; readonly issue: number }) => Value | undefined;
  /** First line of the commit. */
  readonly subject: (record: Value, issue: number) => string;
  /** First lines of records in which something may still happen, so that the others need not be read. */
  readonly going: RegExp;
  /** Of those the ones with work at hand; absent: any may be. */
  readonly atWork?: RegExp;
}

/**
 * `refs/<place>/<issue>` → a commit a state, each on top of the one before, whose only file is the record. GitHub creates a
 * ref once and fast-forwards it for one of two rivals, which makes a change atomic. Every commit is unique: the same one,
 * pushed by two rivals, would be stored twice. What is not ours (whoever may push can write there) is passed over, and covered
 * by the first record of ours.
 */
export function createIssueRecords<Value>(
  api: GitHubApi,
  kind: RecordKind<Value>,
  newId: () => string = randomUUID,
): IssueRecords<Value> {
  const { place, fileName, noun, explanation, maxBytes } = kind;
  const refOf = (issue: number): string => `${place}/${issue}`;
  const repository = fullName(api.repository);

  const recordAt = async (issue: number, id: string) => {
    const purpose = `read ${noun} issue #${issue}`;
    const text = await readTextCommit(api, { commit: id, fileName, purpose, maxBytes });
    const record = text === undefined ? undefined : kind.parse(text, { repository, issue });
    return record === undefined ? undefined : { id, record };
  };
  const headOf = (issue: number) => readRefHead(api, refOf(issue), `read ${noun} issue #${issue}`);

  return {
    read: async (issue) => {
      const id = await headOf(issue);
      return id === undefined ? undefined : recordAt(issue, id);
    },

    swap: async (issue, { seen, record }) => {
      const purpose = `write ${noun} issue #${issue}`;
      const text = kind.text(record);
      const write = async (below: string | undefined) => {
        const message = `${kind.subject(record, issue)}\n\n${explanation}\n\nnonce: ${newId()}\n`;
        const parents = below === undefined ? [] : [below];
        const id = await writeTextCommit(api, { fileName, text, message, parents, purpose });
        const ref = { ref: refOf(issue), sha: id, purpose };
        const answer = below === undefined ? await createRef(api, ref) : await updateRef(api, ref);
        return { id, stored: answer === 'created' || answer === 'updated' };
      };
      const first = await write(seen);
      if (first.stored) return { kind: 'stored', id: first.id };
      if (seen !== undefined) return { kind: 'moved' };
      // There is something after all. Our own, when the answer to a first try was lost; a record, when somebody was faster;
      // anything else was left there by whoever may push.
      const head = await headOf(issue);
      if (head === first.id) return { kind: 'stored', id: first.id };
      if (head === undefined || (await recordAt(issue, head)) !== undefined) return { kind: 'moved' };
      const second = await write(head);
      return second.stored ? { kind: 'stored', id: second.id } : { kind: 'moved' };
    },

    issues: async (which = 'going') => {
      const wanted = which === 'at-work' ? (kind.atWork ?? kind.going) : kind.going;
      const purpose = `list ${noun} issues`;
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}',
        params: { ref: `${place}/` },
        purpose,
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data];
      const prefix = `refs/${place}/`;
      const heads = entries.map(readRef).flatMap(({ ref, sha }) => {
        const number = ref.startsWith(prefix) ? /^[1-9][0-9]{0,9}$/.exec(ref.slice(prefix.length))?.[0] : undefined;
        return number === undefined ? [] : [{ issue: Number(number), sha }];
      });
      // A hundred with one request: the first line tells what the record does, so that most of them need not be read.
      const texts = await readCommitTexts(
        api,
        heads.map(({ sha }) => sha),
        purpose,
      );
      return heads
        .filter((_, at) => wanted.test((texts[at]?.message ?? '').split('\n', 1)[0] ?? ''))
        .map(({ issue }) => issue)
        .sort((one, other) => one - other);
    },
  };
}
