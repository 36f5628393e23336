import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { readyMark, readyText } from '../../domain/stages/team-text.ts';
import { memberPart } from '../change-set/member-part.ts';
import { commentOnce } from '../marked-comment.ts';
import { mergeWhenReady } from './merge-when-ready.ts';
import type { TeamRoom } from './team-room.ts';

/** People are asked to look: the draft becomes a pull request, and one comment there tells the whole way. We merge nothing. */
export async function readyPull(room: TeamRoom, record: TeamRecord): Promise<void> {
  const { forge } = room;
  const { pullRequest } = record;
  if (pullRequest === undefined) return;
  // What comes after others in a change set is a draft until those are merged; then the set makes it ready.
  const part = await memberPart(forge, await forge.issue(record.issue));
  const held = part?.held === true;
  if (!held) await forge.reviews.markReady(pullRequest);
  const merge = await mergeWhenReady(room, record, { held });
  await commentOnce(forge, { mark: readyMark(record, pullRequest), text: readyText(record, merge) });
}
