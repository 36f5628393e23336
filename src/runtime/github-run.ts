import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { currentLogin } from '../adapters/github/current-login.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { EntropyError } from '../domain/error.ts';
import { endOfFault, faultNote } from '../domain/fault-note.ts';
import type { GitHubRunOptions, GitHubRunReport, RunOnGitHub } from '../domain/local-run.ts';
import { printModelChoice } from '../domain/model-choice.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import { exitCodeOf } from '../domain/outcome.ts';
import { fullName } from '../domain/repository.ts';
import { redactAll } from '../domain/secret-guard.ts';
import type { Task } from '../domain/task.ts';
import { admitEvent } from '../flows/admit-event.ts';
import { closeRun } from '../flows/close-run.ts';
import { heartbeatTtlMs, type KeptLease, type WorkReport, withHeartbeat } from '../flows/heartbeat.ts';
import { openAgentRoom } from './agent-room.ts';
import { knownSecrets, readEnvironment, takeSecret } from './config.ts';
import { connectGitHub, type GitHubConnection, type GitHubConnectionOptions } from './github.ts';
import { handOverFiles } from './hand-over.ts';
import { ownEgressCommand } from './own-worker.ts';
import { processGuard } from './process-guard.ts';
import { showProgress } from './progress.ts';
import { publishHeld, reportOfHeld } from './publish-held.ts';
import { publishTask } from './publish-task.ts';
import { createRemerge } from './remerge.ts';
import { settingsOver } from './repository-settings.ts';
import { runFolder } from './run-folder.ts';
import { reportOf } from './run-report.ts';
import { tellPhases } from './told-phases.ts';
import { version } from './version.ts';

/** One issue of a repository on GitHub, from the command line: the same gate, agent and publisher as in a workflow. */
export const runOnGitHub: RunOnGitHub = async (options, onEvent, signal) => {
  const token = takeSecret(options.tokenVariable);
  if (token === undefined) throw new Error(`${options.tokenVariable} was taken before`);
  return runIssue({ ...options, token }, onEvent, signal);
};

/** The same with a token that was taken before. */
export async function runIssue(
  options: GitHubRunOptions & { readonly token: string },
  onEvent: Parameters<RunOnGitHub>[1],
  signal: AbortSignal,
): Promise<GitHubRunReport> {
  const startedAt = performance.now();
  const { repository, apiUrl, serverUrl, token, step } = options;
  const log = (line: string): void => onEvent({ type: 'log', job: 'github', line });
  const connect = await runConnector({ token, repository, apiUrl, log });
  const connection = connect(signal);
  const login = await currentLogin({ token, apiUrl, signal });

  const flags =
    options.model === undefined ? [] : [{ source: 'flag', values: { model: printModelChoice(options.model, '') } }];
  const settingsFrom = settingsOver([...options.layers, ...flags]);
  const phases = tellPhases(onEvent);
  const command = options.approve === undefined ? (step?.command ?? 'fix') : `approve ${options.approve}`;
  const asked = { phase: 'command', subject: `${command} #${options.issue}` } as const;
  const asking = performance.now();
  const askedAt = connection.clock.monotonic();
  phases.started(asked.phase, asked.subject);
  const admission = await admitEvent(
    { ...connection, log, settingsFrom, version, leaseMs: heartbeatTtlMs },
    {
      ...{ kind: 'dispatch', issueNumber: options.issue, command, sender: { login, kind: 'user' } },
      ...(step && { step: step.id }),
    },
    signal,
  );
  const subject = `${fullName(repository)}#${options.issue}`;
  const admitted = admission.kind === 'admitted';
  phases.finished({ ...asked, ok: admitted, durationMs: performance.now() - asking });
  if (!admitted) {
    throw new EntropyError({
      code: admission.kind === 'refused' && admission.reason === 'claimed' ? 'E700' : 'E103',
      message: `${subject}: ${'text' in admission ? admission.text : admission.reason}`,
      fix: 'what is in the way is said above, and on the issue where it takes comments',
    });
  }
  const { task } = admission;
  phases.passed('claim', { subject, detail: `fence ${task.lease.fence}` });

  const resultDir = options.keepDir ?? runFolder(readEnvironment().stateDir, task.runId);
  await mkdir(resultDir, { recursive: true });
  const cloneUrl = `${serverUrl}/${fullName(repository)}.git`;
  try {
    if (task.approved !== undefined) {
      const beating = keptUp(connection, { task, askedAt, report: () => ({ steps: 0 }), log }, signal);
      const published = await beating((kept) => publishHeld({ task, connection, resultDir, log, phases }, kept.signal));
      return { ...reportOfHeld(task, published, performance.now() - startedAt), apiCalls: connection.requestCounts() };
    }
    const from = { kind: 'server', url: cloneUrl, token } as const;
    await using room = await openAgentRoom({ task, from, resultDir, onEvent, walls: options.walls }, signal);
    await using progress = showProgress({ task, connection, resultDir, log, heartbeat: true });
    const beating = keptUp(connection, { task, askedAt, report: progress.report, log }, signal);
    const { result, published } = await beating(async (kept) => {
      const result = await room.work(kept.signal);
      await progress.stop();
      const hostPath = readEnvironment().hostPath;
      const { workspace, home } = room;
      const remerge = createRemerge({
        task,
        workspace,
        home,
        hostPath,
        egress: ownEgressCommand(),
        cloneUrl,
        token,
        ...(options.walls && { walls: options.walls }),
      });
      phases.started('publish', '');
      const publishing = performance.now();
      const mayPublish = wasAskedToStop(kept.signal) ? signal : kept.signal;
      const published = await publishTask(
        { task, connection, resultDir, dryRun: false, heartbeat: true, secrets: knownSecrets(), log, remerge },
        mayPublish,
      );
      phases.finished({
        phase: 'publish',
        ok: exitCodeOf(published.outcome) === 0,
        subject:
          published.pullRequest === undefined
            ? (published.delivered?.kind ?? published.outcome)
            : `pull request #${published.pullRequest.number}`,
        detail: published.branch ?? '',
        durationMs: performance.now() - publishing,
      });
      return { result, published };
    });
    const durations = { ...room.durations, ...result.durations, total: Math.round(performance.now() - startedAt) };
    const report = reportOf({ task, result, durations, trajectory: join(resultDir, handOverFiles.trajectory) });
    return {
      ...report,
      outcome: published.outcome,
      reason: published.reason,
      branch: published.branch ?? null,
      headSha: published.headSha ?? null,
      apiCalls: connection.requestCounts(),
      pullRequest: published.pullRequest ?? null,
      delivered: published.delivered ?? null,
      issueUrl: task.links.issue,
    } satisfies GitHubRunReport;
  } catch (error) {
    const end = signal.aborted
      ? ({ kind: 'stopped', reason: 'The person who ran it on their machine stopped it.' } as const)
      : endOfFault(redactAll(faultNote(error, signal), processGuard().redact));
    // With a signal of its own: the run's may be aborted.
    await closeRun(connect(AbortSignal.timeout(30_000)), openRunOfTask(task), end);
    throw error;
  }
}

/** GitHub, with claims and books at a coordinator when the environment names one; for one signal after the other. */
export async function runConnector(
  options: GitHubConnectionOptions,
): Promise<(signal: AbortSignal) => GitHubConnection> {
  const { url } = readEnvironment().coordination;
  if (url === undefined) return (signal) => connectGitHub(options, signal);
  const { coordinated, coordinatorAccess } = await import('./connect-coordinator.ts');
  const access = coordinatorAccess(url, createSystemClock());
  return (signal) => coordinated(connectGitHub(options, signal), { access, signal, log: options.log });
}

interface KeptUp {
  readonly task: Task;
  readonly askedAt: number;
  readonly report: () => WorkReport;
  readonly log: (line: string) => void;
}

/** Work under a heartbeat: when this machine dies, the issue is free again after a minute and a half. */
function keptUp(
  { claims, clock, books }: GitHubConnection,
  { task, askedAt, report, log }: KeptUp,
  signal: AbortSignal,
) {
  const runs = books?.runs ?? { change: async () => ({ kind: 'missing' }) as const };
  const run = { id: task.runId, actor: task.agent.id };
  const request = { lease: task.lease, ttlMs: heartbeatTtlMs, askedAt, run, report, signal };
  return <Value>(work: (kept: KeptLease) => Promise<Value>): Promise<Value> =>
    withHeartbeat({ claims, runs, clock, log }, request, work);
}

/** Then the claim is still ours, and what was done so far may be told; not so when the claim was lost. */
function wasAskedToStop({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof EntropyError && reason.code === 'E105';
}
