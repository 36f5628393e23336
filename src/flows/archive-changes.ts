import type { ChangeNumbering, Numbered } from '../ports/change-numbering.ts';
import { type Archived, type ArchiveRoom, archiveActivity } from './archive-activity.ts';
import { type WakingRoom, wakeFirstInLine } from './wake-waiting.ts';

export interface ArchiverRoom<Change> extends ArchiveRoom, WakingRoom {
  readonly numbering: ChangeNumbering<Change>;
}

export interface ArchivedChanges extends Pick<Numbered, 'numbered' | 'stuck'> {
  readonly woken: number;
  readonly archived: Archived;
}

/**
 * What a store's stream tells becomes part of the activity log, wakes who waits for it, and is archived. Each step may be
 * done again: whoever is ended in between is told the same changes once more, numbers none of them twice, and wakes and
 * archives what was left.
 */
export async function archiveChanges<Change>(
  room: ArchiverRoom<Change>,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<ArchivedChanges> {
  const { events, numbered, stuck } = await room.numbering.number(changes);
  const woken = await wakeFirstInLine(room, events);
  const archived = await archiveActivity(room, signal);
  return { numbered, ...(stuck && { stuck }), woken, archived };
}
