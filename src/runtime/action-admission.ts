import { readFile } from 'node:fs/promises';
import { type GitHubEvent, readTriggerEvent } from '../adapters/github/trigger-event.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { SettingsLayer } from '../domain/settings.ts';
import type { TriggerEvent } from '../domain/trigger-event.ts';
import { startMerges } from '../flows/address/start-merges.ts';
import { admitEvent } from '../flows/admit-event.ts';
import type { Admission } from '../flows/gate.ts';
import { issueOfEvent } from '../flows/issue-of-event.ts';
import { recoverTeam, recoverTeams } from '../flows/team/recover-team.ts';
import type { TeamRoom } from '../flows/team/team-room.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionInputs, readActionSettings } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { logLine } from './job-log.ts';
import { processGuard } from './process-guard.ts';
import { settingsOver } from './repository-settings.ts';
import { actionStarter, teamRoomOf } from './team-room.ts';
import { text, whole } from './value-reader.ts';
import { version } from './version.ts';

interface Admitting {
  readonly environment: ActionEnvironment;
  readonly connection: GitHubConnection;
}

/** Puts the event that started the workflow before the gate. An action's inputs go over the repository's own file. */
export async function admit({ environment, connection }: Admitting, signal: AbortSignal): Promise<Admission> {
  const { github } = environment;
  const inputs = readActionSettings();
  const { role } = readActionInputs({ role: text });
  const settingsFrom = settingsOver([inputs], [roleDefaults(role)]);
  const payload: unknown = JSON.parse(await readFile(github.eventPath, 'utf8'));
  const event = await readTriggerEvent({ name: github.eventName, payload, schedule: scheduleOf(github.actor) });
  const workflowRun = { id: github.runId, attempt: github.runAttempt, url: environment.runUrl };
  const log = logLine;
  const starter = actionStarter(environment, connection);
  const team = { starter };
  const gate = {
    ...connection,
    ...(role !== undefined && { only: role }),
    log,
    settingsFrom,
    version,
    workflowRun,
    team,
    redact: processGuard().redact,
  };
  const admission = await admitEvent(gate, event, signal);
  await lookAfter(
    teamRoomOf(connection, { ...team, ...{ log, scanner: undefined, checksPatienceMs: 0, over: [inputs] } }),
    { event, admission },
    signal,
  );
  return admission;
}

/**
 * An action of one role is put where pull requests or issues are opened to work on them, for those who may ask for it. The
 * repository's file can say otherwise.
 */
function roleDefaults(role: string | undefined): SettingsLayer {
  const source = `action ${role ?? ''}`.trim();
  if (role === 'reviewer') return { source, values: { automaticReview: 'permitted' } };
  if (role === 'issue-reader') return { source, values: { automaticTriage: 'permitted' } };
  return { source, values: {} };
}

/** What the workflow's own file asks for, where a clock starts it; without the input `command` it orders nothing. */
function scheduleOf(actor: string): NonNullable<GitHubEvent['schedule']> {
  const { command, issue, title } = readActionInputs({ command: text, issue: whole(1), title: text });
  if (command === undefined) return { actor };
  const at = { ...(issue !== undefined && { issueNumber: issue }), ...(title !== undefined && { title }) };
  return { actor, order: { command, ...at } };
}

/**
 * Where nobody else keeps watch every event does: the team of its issue, or of its pull request's, is looked after, and with a
 * schedule all are; after a push, and with a schedule, the pull requests of agents whose base has gone on. What comes of it is told
 * in the log, for the event itself has been answered.
 */
async function lookAfter(
  room: TeamRoom,
  { event, admission }: { readonly event: TriggerEvent; readonly admission: Admission },
  signal: AbortSignal,
): Promise<void> {
  // Whoever begins or ends the team now has looked at it; in a line it waits for its turn.
  if (admission.kind === 'admitted' || admission.kind === 'waiting' || event.kind === 'closed') return;
  try {
    if (event.kind === 'pushed') return await mergeBases(room, event.branch, signal);
    if (event.kind === 'schedule') {
      await recoverTeams(room, signal);
      return await mergeBases(room, undefined, signal);
    }
    const issue = await issueOfEvent(room, event);
    if (issue !== undefined) await recoverTeam(room, issue, { signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof EntropyError)) throw error;
    room.log(`teams could not be looked after: ${describeError(error)}`);
  }
}

/** The base went on, or may have: coders of what conflicts are asked for, each by a workflow run of its own. */
async function mergeBases(room: TeamRoom, branch: string | undefined, signal: AbortSignal): Promise<void> {
  for (const { pullRequest, what } of await startMerges(room, branch, signal)) {
    room.log(`pull request #${pullRequest} and its base: ${what}`);
  }
}

/** Everything that did not become a task: said on the issue already, said here for whoever reads the log. */
export async function tell(io: ActionIo, admission: Exclude<Admission, { kind: 'admitted' }>): Promise<void> {
  const text = admission.kind === 'ignored' ? admission.reason : admission.text;
  const outcome = admission.kind === 'refused' ? 'refused' : '';
  await io.outputs({ admitted: 'false', outcome, report: text });
  await io.saveState(savedStates.settled, admission.kind);
  logLine(`${admission.kind}: ${text}`);
  if (admission.kind === 'refused') await io.notice(text);
}
