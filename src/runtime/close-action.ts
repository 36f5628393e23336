import { readFile } from 'node:fs/promises';
import { readTriggerEvent } from '../adapters/github/trigger-event.ts';
import { parseBranchName } from '../domain/branch-name.ts';
import type { ClaimRecord } from '../domain/claim.ts';
import { EntropyError } from '../domain/error.ts';
import { endOfFault, parseFaultNote } from '../domain/fault-note.ts';
import type { OpenRun } from '../domain/open-run.ts';
import { redactAll } from '../domain/secret-guard.ts';
import { defaultSettings } from '../domain/settings.ts';
import type { TrackingEnd } from '../domain/tracking-comment.ts';
import { numberOfEvent } from '../domain/trigger-event.ts';
import { openRunOfRequest } from '../flows/claim-of-request.ts';
import { closeRun } from '../flows/close-run.ts';
import { connectAction } from './action-connection.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, readActionSettings, takeSecretInput } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { logLine } from './job-log.ts';
import { processGuard } from './process-guard.ts';

/**
 * `post` of gate, publish and coder: when main was killed, cancelled or ended by a fault before it could say how the run
 * ended, the tracking comment is closed and the claim freed here. Does nothing when main settled everything itself.
 */
export async function closeAction(io: ActionIo): Promise<void> {
  const environment = readActionEnvironment();
  const dispatched = environment.savedState(savedStates.dispatchedRun);
  if (dispatched !== undefined) {
    const { closeDispatched } = await import('./close-dispatched.ts');
    const closing = { io, environment, runId: dispatched, end: endToTell(environment) };
    return closeDispatched(closing, AbortSignal.timeout(closeMs));
  }
  if (environment.savedState(savedStates.settled) !== undefined) return;
  const token = takeSecretInput('github-token');
  if (token === undefined) return io.warning('the run cannot be closed: the input github-token is empty');
  const signal = AbortSignal.timeout(closeMs);
  const connection = await connectAction(environment, token, signal);
  const saved = environment.savedState(savedStates.openRun);
  const run = saved === undefined ? await claimedByThisRun(environment, connection) : (JSON.parse(saved) as OpenRun);
  if (run === undefined) return;
  const closed = await closeRun(connection, run, endToTell(environment));
  logLine(`run ${run.runId}: tracking comment ${closed.comment}, claim ${closed.claim}`);
  const left = environment.savedState(savedStates.leftWork);
  if (left === undefined) return;
  const { saveLeft } = await import('./save-left.ts');
  await saveLeft({ left, connection, log: logLine }, signal);
}

/** A cancelled job leaves little time; a run that cannot be closed now is closed by the next one. */
const closeMs = 30_000;

function endToTell(environment: ActionEnvironment): TrackingEnd {
  const note = parseFaultNote(environment.savedState(savedStates.fault) ?? '');
  if (note !== undefined) return endOfFault(redactAll(note, processGuard().redact));
  return {
    kind: 'failed',
    reason: 'The job ended before the run was over: it was cancelled, killed, or it lost its runner.',
    next: 'Nothing was lost that had been published. `/agent retry` starts a new run.',
  };
}

/**
 * A main that ended while it claimed could not say what it had claimed: the claim itself tells whether it belongs to
 * this very workflow run.
 */
async function claimedByThisRun(
  { github }: ActionEnvironment,
  connection: GitHubConnection,
): Promise<OpenRun | undefined> {
  const { branchPrefix = defaultSettings.branchPrefix } = readActionSettings().values;
  const number = await numberAsked(github, branchPrefix);
  if (number === undefined) return undefined;
  const isIts = ({ holder: { workflowRun } }: ClaimRecord): boolean =>
    workflowRun?.id === github.runId && workflowRun.attempt === github.runAttempt;
  return openRunOfRequest(connection, { number, branchPrefix, isIts });
}

async function numberAsked(
  { eventName, eventPath }: ActionEnvironment['github'],
  branchPrefix: string,
): Promise<number | undefined> {
  try {
    const event = await readTriggerEvent({ name: eventName, payload: JSON.parse(await readFile(eventPath, 'utf8')) });
    return event.kind === 'checks' ? parseBranchName(branchPrefix, event.branch)?.issue : numberOfEvent(event);
  } catch (error) {
    // An event that cannot be read has claimed nothing, and main has said what is wrong with it.
    if (error instanceof EntropyError && error.code === 'E103') return undefined;
    throw error;
  }
}
