import { claimPlace } from '../../domain/claim-place.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { holderIsDead } from '../../flows/holder-is-dead.ts';
import { type SweepReport, sweepOnce, sweepParts } from '../../flows/sweep/sweep-once.ts';
import type { SweepRoom } from '../../flows/sweep/sweep-room.ts';
import { createIssueLookUps, ofSweeps } from '../issue-look-ups.ts';
import { createLiveness } from '../liveness.ts';
import type { AppConnections } from './app-github.ts';
import { type DispatchingParts, openRoom } from './dispatching-parts.ts';
import type { FunctionLog } from './function-log.ts';
import type { InvocationContext } from './invocation.ts';
import type { MetricName } from './metric-names.ts';

export type SweeperFunction = (event: unknown, context: InvocationContext) => Promise<SweepReport>;

/** What is begun by then can end within the function's time. */
const reserveMs = 10_000;
/** How old GitHub's word that a run lives may be. */
const believedMs = 5 * 60_000;

export function sweeperFunction(parts: DispatchingParts): SweeperFunction {
  const { stores, github, log } = parts;
  const { clock } = stores;
  const tell = (line: string): void => log.info(line);
  let connections: AppConnections | undefined;
  const lookUps = createIssueLookUps(clock, ofSweeps);
  // Kept from one sweep to the next: what GitHub said about a run is believed for some minutes.
  const liveness = createLiveness({
    ask: async (record) => {
      const repository = claimPlace(record.key)?.repository;
      if (connections === undefined || repository === undefined) return false;
      const { runnerRepository } = parts.settings;
      const runner = runnerRepository && { runner: connections.connect(runnerRepository).forge };
      return holderIsDead({ forge: connections.connect(repository).forge, ...runner, log: tell }, record);
    },
    clock,
    log: ({ event, ...fields }) => log.warn(String(event), fields),
  })(believedMs);

  return async (_event, context) => {
    const beganAt = clock.monotonic();
    const leftMs = context.getRemainingTimeInMillis();
    const signal = AbortSignal.timeout(Math.max(0, leftMs - 2_000));
    const opened = openRoom(parts, signal);
    connections = opened.connections;
    const room: SweepRoom = {
      ...opened.room,
      budgets: stores.budgets,
      recount: stores.recount,
      cursors: stores.cursors,
      queue: stores.queue,
      app: github.app,
      lookUps,
      host: new URL(parts.settings.githubServerUrl).host,
      hasEnded: async (run) => liveness(claimOf(run)),
    };
    try {
      const report = await sweepOnce(room, { until: beganAt + leftMs - reserveMs, clock, signal });
      measure(log, report);
      return report;
    } finally {
      opened.measureLimit();
      log.flush();
    }
  };
}

/** As liveness wants it: the claim of a run that names the workflow run which carries it out. */
function claimOf(run: RunRecord): Parameters<ReturnType<ReturnType<typeof createLiveness>>>[0] {
  const { task, id, leaseId, fence, startedAt, agent, workflowRun } = run;
  return {
    ...{ schema: 1, key: task, state: 'held', leaseId, fence, acquiredAt: startedAt, expiresAt: 0, ttlMs: 0 },
    holder: { owner: agent.id, runId: id, kind: 'agent', reason: '', ...(workflowRun && { workflowRun }) },
  };
}

/** What each figure of a part is called where alarms look. */
const measured: readonly (readonly [part: keyof SweepReport, figure: string, metric: MetricName])[] = [
  ['claims', 'freed', 'ClaimsFreed'],
  ['runs', 'stuck', 'StuckRuns'],
  ['runs', 'silent', 'RunsWithoutHeartbeat'],
  ['runs', 'started', 'RunsDispatched'],
  ['deliveries', 'asked', 'DeliveriesAskedAgain'],
  ['lines', 'waiting', 'WaitingTasks'],
  ['letters', 'told', 'DeadLettersTold'],
  ['budgets', 'repaired', 'BudgetRepairs'],
  ['spend', 'hourMicroUsd', 'SpendMicroUsdHour'],
  ['spend', 'dayMicroUsd', 'SpendMicroUsdDay'],
  ['tasks', 'repaired', 'TasksReconciled'],
];

function measure(log: FunctionLog, report: SweepReport): void {
  for (const [part, figure, metric] of measured) {
    const told = report[part];
    if (told.kind === 'done') log.count(metric, told.figures[figure] ?? 0);
  }
  const failed = sweepParts.filter((part) => report[part].kind === 'failed');
  log.count('SweepFaults', failed.length);
  // One entry for the whole sweep: what was done, what failed, what there was no time for.
  const entry = Object.fromEntries(sweepParts.map((part) => [part, inWords(report[part])]));
  if (failed.length > 0) log.warn(`sweep: ${failed.join(', ')} failed`, entry);
  else log.info('sweep', entry);
}

function inWords(report: SweepReport[keyof SweepReport]): string {
  switch (report.kind) {
    case 'done':
      return Object.entries(report.figures)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ');
    case 'left-out':
      return 'no time left';
    case 'failed':
      return `failed: ${report.fault}`;
    default:
      return report satisfies never;
  }
}
