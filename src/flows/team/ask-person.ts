import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { askMark, askText } from '../../domain/stages/team-text.ts';
import { commentOnce } from '../marked-comment.ts';
import type { TeamRoom } from './team-room.ts';

/** One comment for each time that a person is asked, with all that is open; on the issue, where people follow the work. */
export async function askPersonOnIssue({ forge, settings }: TeamRoom, record: TeamRecord): Promise<void> {
  const { triggerPhrase } = await settings();
  await commentOnce(forge, { mark: askMark(record), text: askText(record, triggerPhrase) });
}
