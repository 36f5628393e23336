import { formatUsd } from '../../domain/budget.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { defaultStaleAfterMs } from '../../domain/query/context.ts';
import { ago, shortDuration, utcStamp } from '../moments.ts';
import type { Paint } from '../paint.ts';
import type { Column } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';

export const runFields = [
  'id',
  'task',
  'attempt',
  'agent',
  'state',
  'reason',
  'workflowRun',
  'leaseId',
  'fence',
  'startedAt',
  'endedAt',
  'heartbeatAt',
  'progressAt',
  'progress',
  'spent',
  'stopRequested',
  'branch',
  'pullRequest',
  'version',
] as const satisfies readonly (keyof RunRecord)[];

export function isLiving({ state }: RunRecord): boolean {
  return state === 'queued' || state === 'running' || state === 'waiting';
}

function standingOf(run: RunRecord, now: number): string {
  const state = run.state.replace('_', ' ');
  if (!isLiving(run)) return state;
  if (run.stopRequested !== undefined) return `${state}, stopping`;
  return now - run.progressAt > defaultStaleAfterMs ? `${state}, stale` : state;
}

export function runColumns(now: number, paint: Paint): readonly Column<RunRecord>[] {
  return [
    { title: 'run', of: ({ id }) => id, max: 26 },
    { title: 'issue', of: ({ task }) => shortClaimName(task), grows: true },
    {
      title: 'state',
      of: (run) => standingOf(run, now),
      paint: (text, run) => {
        if (run.state === 'failed') return paint.bad(text);
        if (isLiving(run)) return paint.busy(text);
        return run.state === 'succeeded' ? paint.good(text) : text;
      },
    },
    { title: 'stage', of: (run) => (isLiving(run) ? run.progress.stage : '–'), max: 14 },
    { title: 'time', of: ({ startedAt, endedAt }) => shortDuration((endedAt ?? now) - startedAt), align: 'right' },
    { title: 'usd', of: ({ spent }) => formatUsd(spent.microUsd), align: 'right' },
  ];
}

export function runText(run: RunRecord, now: number, paint: Paint): string {
  const row = (label: string, text: string): string => `  ${paint.strong(label.padEnd(11))} ${terminalLine(text, 400)}`;
  const { spent, progress, stopRequested } = run;
  const lines = [
    `${paint.strong(run.id)}  attempt ${run.attempt} at ${shortClaimName(run.task)}`,
    row('state', `${standingOf(run, now)}${run.reason === undefined ? '' : `: ${run.reason}`}`),
    row('agent', `${run.agent.id}, ${run.agent.role}, ${run.agent.model}, version ${run.agent.version}`),
    row('started', `${utcStamp(run.startedAt)} UTC`),
  ];
  if (run.endedAt !== undefined)
    lines.push(row('ended', `${utcStamp(run.endedAt)} UTC, after ${shortDuration(run.endedAt - run.startedAt)}`));
  if (isLiving(run)) {
    const share = progress.share > 0 ? `, ${Math.round(progress.share * 100)} %` : '';
    lines.push(
      row(
        'progress',
        `${progress.stage}${share}, ${ago(run.progressAt, now)}${progress.text === undefined ? '' : `: ${progress.text}`}`,
      ),
    );
    lines.push(row('heartbeat', ago(run.heartbeatAt, now)));
  }
  if (stopRequested !== undefined)
    lines.push(row('stop', `asked for by ${stopRequested.by}, ${ago(stopRequested.at, now)}: ${stopRequested.reason}`));
  lines.push(row('fence', String(run.fence)));
  lines.push(
    row(
      'spent',
      `${formatUsd(spent.microUsd)} USD, ${spent.tokens.toLocaleString('en-US')} tokens, ${spent.turns} turns, ${spent.minutes} min`,
    ),
  );
  if (run.branch !== undefined) lines.push(row('branch', run.branch));
  if (run.pullRequest !== undefined) lines.push(row('pull request', `#${run.pullRequest}`));
  if (run.workflowRun !== undefined) lines.push(row('log', run.workflowRun.url));
  return `${lines.join('\n')}\n`;
}
