import { ulid } from 'ulid';
import { createSecretScanner } from '../adapters/secretlint/secret-scanner.ts';
import { nothing } from '../domain/coordination/amounts.ts';
import { amountsOf } from '../domain/coordination/run-amounts.ts';
import type { RunEnd } from '../domain/coordination/task-after-run.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import type { RunResult } from '../domain/run-result.ts';
import { createSecretGuard, redactAll, type SecretGuard } from '../domain/secret-guard.ts';
import type { Task } from '../domain/task.ts';
import { blobId } from '../flows/blob-id.ts';
import { letGo } from '../flows/let-go.ts';
import { publishResult } from '../flows/publish-result.ts';
import type { PublishReport, Remerge } from '../flows/publish-run.ts';
import type { GitHubConnection } from './github.ts';
import { readFault, readResult, readTrajectoryBytes, sha256Hex } from './hand-over.ts';
import { tellTeamOfEnd } from './publish-team.ts';
import { keepRun } from './run-artifacts.ts';
import { byHand, type TeamParts, teamRoomOf } from './team-room.ts';

export interface PublishTaskOptions {
  readonly task: Task;
  readonly connection: Pick<GitHubConnection, 'forge' | 'claims' | 'clock' | 'books' | 'artifacts' | 'requestCounts'> &
    Partial<Pick<GitHubConnection, 'issues' | 'newId'>>;
  /** Absolute path of the folder that holds result.json and trajectory.jsonl. */
  readonly resultDir: string;
  readonly dryRun: boolean;
  /** The lease is kept up by a heartbeat meanwhile. */
  readonly heartbeat?: boolean;
  /** Values that must not leave, by the names that findings tell. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** How the agent's job ended, where it was a job of its own. */
  readonly agentJob?: string;
  /** Where the workspace and a sandbox are at hand. */
  readonly remerge?: Remerge;
  /** How the next step of a team is started from here, and how long its checks are waited for. */
  readonly team?: Omit<TeamParts, 'log' | 'scanner'>;
}

/** Publishes what the agent handed over and frees the claim, whatever came of it; the claim's fence stays. */
export async function publishTask(options: PublishTaskOptions, signal: AbortSignal): Promise<PublishReport> {
  const { task, connection, resultDir, dryRun, heartbeat = false, secrets, remerge } = options;
  const guard = createSecretGuard(secrets);
  const log = (line: string): void => options.log(guard.redact(line));
  const result = await readResult(resultDir);
  const trajectory = await readTrajectoryBytes(resultDir);
  const fault = await readFault(resultDir);
  const unheard = {
    ...(fault === undefined ? {} : { fault }),
    ...(options.agentJob === undefined ? {} : { job: options.agentJob }),
  };
  const scanner = createSecretScanner({ known: secrets });
  const published = await publishResult(
    {
      ...connection,
      ...(connection.issues && { dependencies: connection.issues }),
      scanner,
      blobId,
      dryRun,
      heartbeat,
      log,
      ...(remerge === undefined ? {} : { remerge }),
    },
    { task, result, unheard, ...(trajectory === undefined ? {} : { trajectoryDigest: sha256Hex(trajectory) }) },
    signal,
  );
  const report = clearReport(ownReport(task, published), guard);
  const { artifacts } = connection;
  if (artifacts !== undefined && !dryRun) {
    await keepRun(artifacts, { runId: task.runId, report, trajectory, fault, log, guard }, signal);
  }
  const newId = connection.newId ?? (() => ulid(connection.clock.now()));
  const room = teamRoomOf({ ...connection, newId }, { ...(options.team ?? byHand), scanner, log });
  const goOn = await tellTeamOfEnd(room, task, report);
  await letGo(connection, openRunOfTask(task), endOfReport(options, report));
  // Whoever works next needs the claim.
  await goOn(signal);
  return report;
}

/** Outputs, summary, books and whoever reads `--json` are told this; what was published was looked through before. */
function clearReport({ manifest, result, ...told }: PublishReport, { redact }: SecretGuard): PublishReport {
  const { patch, ...words } = result ?? {};
  return {
    ...redactAll(told, redact),
    ...(result === undefined ? {} : { result: { ...redactAll(words as RunResult, redact), ...(patch && { patch }) } }),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

/** What was approved was made, tested and paid for by an earlier run; this one only published it. */
function ownReport(task: Task, { result, ...report }: PublishReport): PublishReport {
  return task.approved !== undefined || result === undefined ? report : { ...report, result };
}

/** As the books tell it. Without a hand-over nobody knows what was used, and all that was reserved counts. */
function endOfReport({ task, connection }: PublishTaskOptions, report: PublishReport): RunEnd {
  const { outcome, reason, result, branch, pullRequest } = report;
  const requests = Object.values(connection.requestCounts()).reduce((sum, count) => sum + count, 0);
  const githubPoints = requests + (task.githubRequests ?? 0);
  const publishing = task.approved && { ...nothing, githubPoints };
  const spent = publishing ?? (result && amountsOf(result.spend, githubPoints));
  return {
    outcome,
    reason,
    ...(spent === undefined ? {} : { spent }),
    ...(branch === undefined ? {} : { branch }),
    ...(pullRequest === undefined ? {} : { pullRequest: pullRequest.number }),
    ...(task.work === 'triage' && { isReadOnly: true }),
  };
}
