import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { readyMark, readyText } from '../../domain/stages/team-text.ts';
import { memberPart } from '../change-set/member-part.ts';
import { commentOnce } from '../marked-comment.ts';
import type { TeamRoom } from './team-room.ts';

/** People are asked to look: the draft becomes a pull request, and one comment there tells the whole way. Nothing is merged. */
export async function readyPull({ forge }: TeamRoom, record: TeamRecord): Promise<void> {
  const { pullRequest } = record;
  if (pullRequest === undefined) return;
  // What comes after others in a change set is a draft until those are merged; then the set makes it ready.
  const part = await memberPart(forge, await forge.issue(record.issue));
  if (part?.held !== true) await forge.reviews.markReady(pullRequest);
  await commentOnce(forge, { mark: readyMark(record, pullRequest), text: readyText(record) });
}
