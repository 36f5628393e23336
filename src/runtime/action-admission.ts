import { readFile } from 'node:fs/promises';
import { type GitHubEvent, readTriggerEvent } from '../adapters/github/trigger-event.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { Settings, SettingsLayer } from '../domain/settings.ts';
import { numberOfEvent, type TriggerEvent } from '../domain/trigger-event.ts';
import { admitEvent } from '../flows/admit-event.ts';
import type { Admission } from '../flows/gate.ts';
import { recoverTeam, recoverTeams } from '../flows/team/recover-team.ts';
import type { TeamRoom } from '../flows/team/team-room.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { checkedSettings } from './checked-settings.ts';
import { savedStates } from './close-state.ts';
import { readActionInputs, readActionSettings } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { logLine } from './job-log.ts';
import { processGuard } from './process-guard.ts';
import { parseRepositoryConfig } from './repository-config.ts';
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
  const settingsFrom = async (file: Uint8Array | undefined, where: string): Promise<Settings> => {
    const own = file === undefined ? [] : [await parseRepositoryConfig(file, where)];
    return checkedSettings([roleDefaults(role), ...own, inputs]).values;
  };
  const payload: unknown = JSON.parse(await readFile(github.eventPath, 'utf8'));
  const event = await readTriggerEvent({ name: github.eventName, payload, schedule: scheduleOf(github.actor) });
  const workflowRun = { id: github.runId, attempt: github.runAttempt, url: environment.runUrl };
  const log = logLine;
  const starter = actionStarter(environment, connection);
  const team = { ...(starter && { starter }) };
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
  await lookAfter(teamRoomOf(connection, { ...team, log }), { event, admission }, signal);
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
 * Where nobody else keeps watch every event does: the team of its issue is looked after, and with a schedule all are. What
 * comes of it is told in the log, for the event itself has been answered.
 */
async function lookAfter(
  room: TeamRoom,
  { event, admission }: { readonly event: TriggerEvent; readonly admission: Admission },
  signal: AbortSignal,
): Promise<void> {
  const issue = numberOfEvent(event);
  try {
    if (event.kind === 'schedule') await recoverTeams(room, signal);
    else if (issue !== undefined && (admission.kind === 'answered' || admission.kind === 'refused')) {
      await recoverTeam(room, issue, { signal });
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof EntropyError)) throw error;
    room.log(`teams could not be looked after: ${describeError(error)}`);
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
