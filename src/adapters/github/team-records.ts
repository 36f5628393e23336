import { randomUUID } from 'node:crypto';
import { fullName } from '../../domain/repository.ts';
import { maxTeamRecordBytes, parseTeamRecord, teamRecordText } from '../../domain/stages/team-record-text.ts';
import type { StoredTeamRecord, TeamRecords } from '../../ports/team-records.ts';
import { readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { readCommitTexts } from './commit-records.ts';
import { createRef, readRefHead, updateRef } from './refs.ts';
import { readTextCommit, writeTextCommit } from './text-commit.ts';

const place = 'agents/team';
const fileName = 'team.json';
const explanation =
  'Kept by entropy-playground: where the team stands with this issue. Its history is the order of the work.';

/**
 * `refs/agents/team/<issue>` → a commit a state, each on top of the one before, whose only file is the record. GitHub creates a
 * ref once and fast-forwards it for one of two rivals, which makes a change atomic. Every commit is unique: the same one,
 * pushed by two rivals, would be stored twice. What is not ours (whoever may push can write there) is passed over, and covered
 * by the first record of ours.
 */
export function createTeamRecords(api: GitHubApi, newId: () => string = randomUUID): TeamRecords {
  const refOf = (issue: number): string => `${place}/${issue}`;
  const repository = fullName(api.repository);

  const recordAt = async (issue: number, id: string): Promise<StoredTeamRecord | undefined> => {
    const purpose = `read where the team stands with issue #${issue}`;
    const text = await readTextCommit(api, { commit: id, fileName, purpose, maxBytes: maxTeamRecordBytes });
    const record = text === undefined ? undefined : parseTeamRecord(text, { repository, issue });
    return record === undefined ? undefined : { id, record };
  };
  const headOf = (issue: number) => readRefHead(api, refOf(issue), `read where the team stands with issue #${issue}`);

  return {
    read: async (issue) => {
      const id = await headOf(issue);
      return id === undefined ? undefined : recordAt(issue, id);
    },

    swap: async (issue, { seen, record }) => {
      const purpose = `write where the team stands with issue #${issue}`;
      const text = teamRecordText(record);
      const write = async (below: string | undefined) => {
        const subject = `Team on issue #${issue}: ${record.stage}, ${record.state.kind}`;
        const message = `${subject}\n\n${explanation}\n\nnonce: ${newId()}\n`;
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

    issues: async () => {
      const purpose = 'list what the team works on';
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}',
        params: { ref: `${place}/` },
        purpose,
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data];
      const heads = entries.map(readRef).flatMap(({ ref, sha }) => {
        const number = /^refs\/agents\/team\/([1-9][0-9]{0,9})$/.exec(ref)?.[1];
        return number === undefined ? [] : [{ issue: Number(number), sha }];
      });
      // A hundred with one request: the first line tells what the record does, so that most of them need not be read.
      const texts = await readCommitTexts(
        api,
        heads.map(({ sha }) => sha),
        purpose,
      );
      const going = /^Team on issue #[0-9]{1,10}: [a-z]{1,20}, (?:pending|running|waiting|closing)\n/;
      return heads
        .filter((_, at) => going.test(texts[at]?.message ?? ''))
        .map(({ issue }) => issue)
        .sort((one, other) => one - other);
    },
  };
}
