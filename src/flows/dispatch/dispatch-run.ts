import { claimPlace } from '../../domain/claim-place.ts';
import { isOver } from '../../domain/coordination/run-moves.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { EntropyError } from '../../domain/error.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import type { StartedWorkflow } from '../../ports/forge-workflows.ts';
import type { DispatchRoom } from './dispatch-room.ts';

export type DispatchedRun =
  /** Started now, or found started. */
  | { readonly kind: 'started'; readonly run: RunRecord; readonly now: boolean }
  /** It is at work, over, or somebody else's: nothing to do. */
  | { readonly kind: 'not-needed'; readonly why: 'at-work' | 'over' | 'stale' | 'missing' | 'no-workflow-of-ours' }
  /** GitHub may have started it a moment ago and not list it yet. */
  | { readonly kind: 'look-again'; readonly afterMs: number }
  /** GitHub will not start it, in its own words. */
  | { readonly kind: 'refused'; readonly reason: string; readonly run: RunRecord };

/** So long after a start GitHub may not list the run that it started. */
const listedAfterMs = 15_000;
/** GitHub's clock, which the runs are stamped by, and ours. */
const clockDifferenceMs = 60_000;

/**
 * Starts the workflow of a queued run. A start that was begun before is looked for first, by the title that names the run;
 * every start is an effect of the claim, so that who lost it starts nothing, and is written down before GitHub is asked.
 * Should two be started all the same, the second one finds the run picked up and ends.
 */
export async function dispatchRun(
  room: DispatchRoom,
  runId: string,
  { again = false }: { readonly again?: boolean } = {},
): Promise<DispatchedRun> {
  const run = await room.runs.read(runId);
  if (run === undefined) return { kind: 'not-needed', why: 'missing' };
  if (isOver(run.state)) return { kind: 'not-needed', why: 'over' };
  if (run.state !== 'queued') return { kind: 'not-needed', why: 'at-work' };
  const { dispatched } = run;
  if (dispatched === undefined) return { kind: 'not-needed', why: 'no-workflow-of-ours' };
  if (run.workflowRun !== undefined && !again) return { kind: 'started', run, now: false };

  if (dispatched.tries > 0 && !again) {
    const found = await findStarted(room, run);
    if (found !== undefined) return { kind: 'started', run: await noteStarted(room, run, found), now: false };
    const sinceMs = room.clock.now() - dispatched.at;
    if (sinceMs < listedAfterMs) return { kind: 'look-again', afterMs: listedAfterMs - sinceMs };
  }
  return start(room, run, dispatched);
}

async function start(
  room: DispatchRoom,
  run: RunRecord,
  { tries, traceparent }: NonNullable<RunRecord['dispatched']>,
): Promise<DispatchedRun> {
  const { claims, runs, clock } = room;
  const next = tries + 1;
  const lease = { key: run.task, leaseId: run.leaseId, fence: run.fence, expiresAt: 0 };
  const effect = await claims.beginEffect(lease, `dispatch/${run.id}/${next}`);
  if (effect.kind === 'stale') return { kind: 'not-needed', why: 'stale' };
  if (effect.before === 'begun') {
    const found = await findStarted(room, run);
    const isNew = found !== undefined && found.id !== run.workflowRun?.id;
    if (isNew) return { kind: 'started', run: await noteStarted(room, run, found), now: false };
  }

  const earlier = run.workflowRun?.id;
  const dispatched = { tries: next, at: clock.now(), traceparent, ...(earlier !== undefined && { earlier }) };
  const noted = await runs.change(run.id, { from: 'queued', facts: { dispatched }, actor: dispatcher });
  if (noted.kind === 'missing') return { kind: 'not-needed', why: 'missing' };
  if (noted.kind === 'illegal') return { kind: 'not-needed', why: isOver(noted.run.state) ? 'over' : 'at-work' };
  const { forge, workflows } = room.connect(placeOf(room, run));
  const shown = await wouldBeShown(room, run);
  if (shown !== undefined) return { kind: 'refused', reason: shown, run: noted.run };
  const answer = await workflows.dispatch({
    workflow: room.started.workflow,
    ref: await forge.defaultBranch(),
    inputs: { run: run.id, traceparent },
  });
  if (answer.kind === 'refused') return { kind: 'refused', reason: answer.reason, run: noted.run };
  const started = answer.started ?? (await listed(room, noted.run));
  return { kind: 'started', run: started ? await noteStarted(room, noted.run, started) : noted.run, now: true };
}

/** Code of a private repository lies among the artifacts of the repository that carries its runs out. */
async function wouldBeShown(room: DispatchRoom, run: RunRecord): Promise<string | undefined> {
  const own = claimPlace(run.task)?.repository;
  const { runnerRepository } = room.started;
  if (own === undefined || runnerRepository === undefined) return undefined;
  const [runners, code] = await Promise.all(
    [runnerRepository, own].map((place) => room.connect(place).forge.isPublic()),
  );
  if (runners !== true || code !== false) return undefined;
  return `${fullName(runnerRepository)}, where runs are carried out, is public, and ${fullName(own)} is not: its code would lie there for everybody`;
}

/** Where GitHub does not tell what it started it lists it a little later; who does not find it yet looks again with the next sweep. */
async function listed(room: DispatchRoom, run: RunRecord): Promise<StartedWorkflow | undefined> {
  for (const pauseMs of [1_000, 2_000]) {
    await room.clock.sleep(pauseMs);
    const found = await findStarted(room, run);
    if (found !== undefined && found.id !== run.workflowRun?.id) return found;
  }
  return undefined;
}

/** The workflow run whose title names this run, the newest when there are several. */
export async function findStarted(room: DispatchRoom, run: RunRecord): Promise<StartedWorkflow | undefined> {
  const since = new Date(run.startedAt - clockDifferenceMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
  return room.connect(placeOf(room, run)).workflows.find({ workflow: room.started.workflow, title: run.id, since });
}

/** Who picked it up is noted already, and is not forgotten for one that was started besides. */
export async function noteStarted(room: DispatchRoom, run: RunRecord, started: StartedWorkflow): Promise<RunRecord> {
  const { id, attempt, url } = started;
  const facts = { workflowRun: { id, attempt, url } };
  const change = await room.runs.change(run.id, { from: 'queued', facts, actor: dispatcher });
  return change.kind === 'missing' ? run : change.run;
}

/** The repository whose workflow carries the run out. */
export function placeOf({ started }: Pick<DispatchRoom, 'started'>, run: RunRecord): RepositoryRef {
  const place = started.runnerRepository ?? claimPlace(run.task)?.repository;
  if (place !== undefined) return place;
  throw new EntropyError({
    code: 'E900',
    message: `the run ${run.id} is about ${run.task}, which is no issue of a repository`,
    fix: 'report it: only issues are dispatched',
  });
}

export const dispatcher = 'dispatcher';
