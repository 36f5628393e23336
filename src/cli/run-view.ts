import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { LifeEvent } from '../domain/life-event.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { RunReport } from '../domain/run-report.ts';
import { cautionOf } from '../domain/sandbox-rung.ts';
import { runFolder } from '../runtime/run-folder.ts';
import type { CliIo } from './cli-io.ts';
import type { Paint } from './paint.ts';
import { terminalLine, terminalText } from './terminal-text.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { formatDuration, narrowest } from './timeline-layout.ts';

/** Fields of a report, for `--json=fields`; the type makes a forgotten one an error. */
export const runReportFields = [
  'schema',
  'outcome',
  'reason',
  'runId',
  'model',
  'branch',
  'baseSha',
  'headSha',
  'filesChanged',
  'patchPath',
  'apiCalls',
  'modelCalls',
  'turns',
  'tokens',
  'costUsd',
  'sandboxRung',
  'durations',
  'trajectory',
] as const satisfies readonly (keyof RunReport)[];

/** Draws a timeline on stderr while the work goes on; whatever happens, the screen is left in order. */
export async function watched<Report>(
  io: CliIo,
  verbose: boolean,
  work: (onEvent: (event: LifeEvent) => void) => Promise<Report>,
): Promise<Report> {
  using timeline = timelineFor(io, verbose);
  return await work((event) => timeline.show(event));
}

function timelineFor(io: CliIo, verbose: boolean): Timeline {
  const { ci, terminal, columns } = io.environment;
  // Lines that wrap cannot be redrawn in place.
  const isWide = (columns ?? io.stderr.columns ?? 80) >= narrowest;
  const moving = io.stderr.isTTY === true && isWide && !ci && terminal.color !== 'never';
  return createTimeline({
    channel: io.stderr,
    paint: io.paintErr,
    mode: moving ? 'moving' : 'plain',
    columns,
    verbose,
    now: () => performance.now(),
  });
}

/**
 * What to type to replay a run: its id when it is kept where runs are kept, and the repository that holds its base
 * commit when that is somebody's own.
 */
export function replayHint(
  { trajectory, runId }: RunReport,
  { environment, cwd }: CliIo,
  repository = cwd,
): string | null {
  if (trajectory === null) return null;
  const isKept = path.dirname(trajectory) === runFolder(environment.stateDir, runId);
  const from = repository === cwd ? '' : ` --repo ${shellWord(repository)}`;
  return `entropy-playground replay ${isKept ? runId : shellWord(trajectory)}${from}`;
}

/** A path as a shell reads it back. */
function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `succeeded · 5.1 s · 6 turns · 0.00 USD · 9 GitHub calls`, the reason, and where to look. */
export function summaryText(
  report: RunReport,
  links: readonly (readonly [string, string | null])[],
  paint: Paint,
): string {
  const calls = Object.values(report.apiCalls).reduce((sum, count) => sum + count, 0);
  const facts = [
    formatDuration(report.durations['total']),
    `${report.turns} ${report.turns === 1 ? 'turn' : 'turns'}`,
    `${report.costUsd.toFixed(2)} USD`,
    ...(calls === 0 ? [] : [`${calls} GitHub calls`]),
  ].filter((fact) => fact !== '');
  const lines = [`\n  ${outcomeText(report.outcome, paint)} · ${facts.join(' · ')}`];
  const isTold = report.outcome !== 'succeeded' && report.reason !== '';
  if (isTold) {
    const reason = terminalText(report.reason).trim().split('\n');
    lines.push(...reason.map((text) => `  ${text}`));
  }
  const caution = report.sandboxRung === null ? undefined : cautionOf(report.sandboxRung);
  if (caution !== undefined && !(isTold && report.reason.includes(caution))) lines.push(`  ${paint.warn(caution)}`);
  for (const [label, value] of links) {
    if (value !== null) lines.push(`  ${paint.strong(label.padEnd(8))} ${terminalLine(value, 400)}`);
  }
  return `${lines.join('\n')}\n`;
}

function outcomeText(outcome: Outcome, paint: Paint): string {
  const text = outcome.replace('_', ' ');
  switch (outcome) {
    case 'succeeded':
    case 'no_change':
      return paint.good(text);
    case 'needs_info':
    case 'blocked':
    case 'refused':
    case 'over_budget':
    case 'cancelled':
      return paint.warn(text);
    case 'failed':
      return paint.bad(text);
    default:
      return outcome satisfies never;
  }
}
