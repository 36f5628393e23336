import { counted } from '../domain/counted.ts';
import type { AttemptName, AttemptRecord } from '../domain/evaluation/attempt-record.ts';
import type { Rate, Totals } from '../domain/evaluation/summary.ts';
import type { EvaluationReport } from '../runtime/evaluate/evaluate.ts';
import type { CliIo } from './cli-io.ts';
import { type Column, tableText, widthOf } from './table.ts';
import { terminalLine } from './terminal-text.ts';
import { formatDuration } from './timeline-layout.ts';

/** `   3 of 24  solved   py-…  6 turns  0.00 USD  2.1 s`, as it ends. */
export function attemptLine(record: AttemptRecord, done: number, of: number): string {
  const { verdict, issue, attempt, turns, costUsd, seconds, reason } = record;
  const name = attempt === 1 ? issue : `${issue} (${attempt})`;
  const facts = `${counted(turns, 'turn')} · ${costUsd.toFixed(2)} USD · ${formatDuration(seconds * 1000)}`;
  const why = reason === '' ? '' : ` · ${terminalLine(reason, 200)}`;
  return `  ${String(done).padStart(3)} of ${of}  ${verdict.padEnd(7)}  ${name}  ${facts}${why}`;
}

/** The whole table. Which model, which day, how many: no rate stands alone. */
export function evaluationText(
  report: EvaluationReport,
  io: Pick<CliIo, 'stdout' | 'environment' | 'paintOut'>,
): string {
  const { paintOut: paint } = io;
  const width = widthOf(io.stdout, io.environment.columns);
  const { model, date, version, repeat } = report;
  const each = repeat === 1 ? '' : `, ${repeat} attempts each`;
  const head = [
    ['model', `${terminalLine(model, 200)} · ${date} · entropy-playground ${version}`],
    ['judged', `${counted(report.attempts, 'attempt')} at ${counted(report.issues, 'issue')}${each}`],
    ['solved', paint.strong(rateText(report))],
    ['cost', `${money(report.costUsd)} each (median), ${report.costUsd.total.toFixed(2)} USD in all`],
    ['turns', `${report.turns.median} (median), ${report.turns.total} in all`],
    ['tokens', `${whole(report.tokens.median)} (median), ${whole(report.tokens.total)} in all`],
    [
      'time',
      `${formatDuration(report.seconds.median * 1000)} (median), ${formatDuration(report.seconds.total * 1000)} in all`,
    ],
  ] as const;
  const parts = [
    `\n${head.map(([label, text]) => `  ${paint.faint(label.padEnd(7))} ${text}`).join('\n')}\n`,
    groupsText('language', report.byLanguage, { width, paint }),
    groupsText('kind', report.byKind, { width, paint }),
    recordsText('failed', report.failures),
    recordsText('broken or stopped, not counted', report.unjudged),
    namesText('never begun, not counted', report.untried),
    namesText('solved, and tests made fewer or weaker (they were restored first)', report.weakened),
    report.missing.map(({ what, fix }) => `  missing: ${what}. ${fix}\n`).join(''),
    `  ${paint.faint('results')} ${terminalLine(report.results, 400)}\n`,
    leftText(report),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** `21 of 24 · 87.5 % (95 %: 69.0 to 95.7 %)`, or that there is none. */
function rateText({ attempts, solved, rate, interval }: Rate): string {
  if (rate === null || interval === null) return 'nothing was judged, so there is no rate';
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `${solved} of ${attempts} · ${percent(rate)} % (95 %: ${percent(interval.low)} to ${percent(interval.high)} %)`;
}

type Look = Parameters<typeof tableText>[2];

function groupsText(title: string, groups: Readonly<Record<string, Rate>>, look: Look): string {
  const rows = Object.entries(groups);
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title, of: ([name]) => name },
    { title: 'solved', of: ([, rate]) => rateText(rate) },
  ];
  return rows.length < 2 ? '' : indented(tableText(rows, columns, { ...look, width: look.width - 2 }));
}

function recordsText(title: string, records: readonly AttemptRecord[]): string {
  const lines = records.map(({ reason, ...name }) => `    ${nameText(name)}  ${terminalLine(reason, 400)}`);
  return records.length === 0 ? '' : `  ${title}\n${lines.join('\n')}\n`;
}

function namesText(title: string, names: readonly AttemptName[]): string {
  return names.length === 0 ? '' : `  ${title}\n    ${names.map(nameText).join(', ')}\n`;
}

function nameText({ issue, attempt }: AttemptName): string {
  return attempt === 1 ? issue : `${issue} (${attempt})`;
}

function leftText({ untried, unjudged, results, stopped, model, repeat }: EvaluationReport): string {
  if (untried.length + unjudged.length === 0) return '';
  const why = stopped === 'over-budget' ? ' with a higher --max-cost-usd' : '';
  const times = repeat === 1 ? '' : ` --repeat ${repeat}`;
  return `  go on${why}: entropy-playground evaluate --model ${terminalLine(model, 200)}${times} --resume ${results}\n`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function money({ median }: Totals): string {
  return `${median.toFixed(2)} USD`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
