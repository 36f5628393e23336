import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { readyMark, readyText } from '../../domain/stages/team-text.ts';
import { commentOnce } from '../marked-comment.ts';
import type { TeamRoom } from './team-room.ts';

/** People are asked to look: the draft becomes a pull request, and one comment there tells the whole way. Nothing is merged. */
export async function readyPull({ forge }: TeamRoom, record: TeamRecord): Promise<void> {
  const { pullRequest } = record;
  if (pullRequest === undefined) return;
  await forge.reviews.markReady(pullRequest);
  await commentOnce(forge, { mark: readyMark(record, pullRequest), text: readyText(record) });
}
