import { type Bar, isBarred } from '../../domain/change-set/bars.ts';
import type { ChangeSet } from '../../domain/change-set/change-set.ts';
import { changeSetTable } from '../../domain/change-set/table.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { marker } from '../../domain/markers.ts';
import { parseFullName, type RepositoryRef } from '../../domain/repository.ts';
import type { Forge } from '../../ports/forge.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { commentOnce } from '../marked-comment.ts';

export const changeSetOp = 'change-set';

/** The table on the set's issue and on each of its pull requests: one comment each, edited in place; none where it is barred. */
export async function tellChangeSet(
  room: Pick<DispatchRoom, 'connect' | 'log'>,
  set: ChangeSet,
  { issueUrl, bars, phrase }: { readonly issueUrl: string; readonly bars: readonly Bar[]; readonly phrase: string },
): Promise<void> {
  const serverUrl = new URL(issueUrl).origin;
  const text = changeSetTable(set, { serverUrl, phrase, bars });
  const told: [RepositoryRef | undefined, number | undefined][] = [
    [parseFullName(set.repository), set.issue],
    ...set.members
      .filter(({ repository }) => !isBarred(bars, repository))
      .map(({ repository, pullRequest }): [RepositoryRef | undefined, number | undefined] => [
        parseFullName(repository),
        pullRequest,
      ]),
  ];
  for (const [place, number] of told) {
    if (place === undefined || number === undefined) continue;
    try {
      await tell(room.connect(place).forge, number, text);
    } catch (error) {
      // A locked conversation, say. The others are told, and this one with the next change.
      if (!(error instanceof EntropyError) || error.retryable) throw error;
      room.log(`the table of the set is not told on ${place.owner}/${place.name}#${number}: ${describeError(error)}`);
    }
  }
}

async function tell(forge: Forge, number: number, text: string): Promise<void> {
  const mark = { issue: number, fence: 0, run: '0', op: changeSetOp };
  const { kind, comment } = await commentOnce(forge, { mark, text });
  const body = `${marker(mark)}\n${text}\n`;
  if (kind === 'was-there' && comment.body.trim() !== body.trim()) await forge.updateComment(comment.id, body);
}
