import { EntropyError } from '../../domain/error.ts';
import { marker, markOf } from '../../domain/markers.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { teamComment, teamMark, teamOp } from '../../domain/stages/team-text.ts';
import { commentOnce, oldestOfOurs } from '../marked-comment.ts';
import { issueState } from './closed-by.ts';
import type { TeamRoom } from './team-room.ts';

/**
 * The one comment that shows all stages, edited in place. Undone by nobody: who deletes it gets it again with the next stage. On
 * an issue that was deleted itself, or moved away, nobody is left to be told.
 */
export async function tellTeam(room: TeamRoom, record: TeamRecord): Promise<void> {
  try {
    await tell(room, record);
  } catch (error) {
    if (!(error instanceof EntropyError) || error.code !== 'E202') throw error;
    if ((await issueState(room.forge, record.issue)) !== 'gone') throw error;
    room.log(`team on #${record.issue}: the issue is not there any more`);
  }
}

async function tell({ forge, settings }: TeamRoom, record: TeamRecord): Promise<void> {
  const { triggerPhrase } = await settings();
  const { issue } = record;
  const text = teamComment(record, triggerPhrase);
  const mark = teamMark(issue);
  const known = await forge.comments(issue);
  const ours = known.filter(({ body }) => markOf(body)?.op === teamOp);
  const found = await oldestOfOurs(forge, ours);
  const body = `${marker(mark)}\n${text}\n`;
  if (found === undefined) {
    const { kind, comment } = await commentOnce(forge, { mark, text, known });
    if (kind === 'was-there' && comment.body !== body) await forge.updateComment(comment.id, body);
    return;
  }
  if (found.body.trim() === body.trim()) return;
  try {
    await forge.updateComment(found.id, body);
  } catch (error) {
    // Somebody deleted it a moment ago.
    if (!(error instanceof EntropyError) || error.code !== 'E202') throw error;
    await commentOnce(forge, { mark, text });
  }
}
