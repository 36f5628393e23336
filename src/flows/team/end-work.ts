import { claimPlace } from '../../domain/claim-place.ts';
import { openRunOfClaim } from '../../domain/open-run.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { closeRun } from '../close-run.ts';
import { withWorkflowRun } from '../with-workflow-run.ts';
import { claimKeyOf } from './claim-key.ts';
import type { TeamRoom } from './team-room.ts';

/**
 * The team ended while one of its runs was at work: its claim is freed, so that it publishes nothing any more, and its workflow
 * run is cancelled, so that nobody pays for it. `before`: the record with that run. Does nothing twice.
 */
export async function endWork(room: TeamRoom, before: TeamRecord, reason: string): Promise<void> {
  const { state, issue } = before;
  if (state.kind !== 'running') return;
  const { forge, claims, clock, books, log } = room;
  const read = await claims.read(claimKeyOf(room, before));
  if (read?.state !== 'held' || read.holder.runId !== state.runId) return;
  const claim = await withWorkflowRun(books?.runs, read, 'any');
  const run = openRunOfClaim(claim, claimPlace(claim.key)?.number ?? issue);
  await closeRun({ forge, claims, clock, ...(books && { books }) }, run, { kind: 'stopped', reason });
  const { workflowRun } = claim.holder;
  const cancel = workflowRun === undefined ? 'missing' : await forge.cancelWorkflowRun(workflowRun.id);
  log(`team on #${issue}: run ${state.runId} was ended (workflow run: ${cancel})`);
}
