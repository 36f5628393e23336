import { readTrackingComment } from '../domain/tracking-state.ts';
import { type SavedTold, savedText, tellsSaved } from '../domain/unfinished/unfinished-text.ts';
import type { PublishRun } from './publish-run.ts';

/**
 * Adds to the run's own comment, which somebody has closed already (`/agent stop`, a job's end), where its work is. Nothing when it
 * says so, or is gone, or is another run's.
 */
export async function tellSaved(
  { forge, task }: Pick<PublishRun, 'forge' | 'task'>,
  saved: SavedTold | undefined,
): Promise<void> {
  const found = saved && (await forge.comment(task.trackingCommentId));
  if (saved === undefined || found === undefined || tellsSaved(found.body)) return;
  const tracking = readTrackingComment(found.body);
  const isIts = tracking?.runId === task.runId && (await forge.isOwnAuthor(found.author));
  if (isIts) await forge.updateComment(found.id, `${found.body.trimEnd()}\n\n${savedText(saved)}\n`);
}
