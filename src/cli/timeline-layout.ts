import type { Paint } from './paint.ts';
import { cutToWidth, displayWidth, padTo, terminalLine } from './terminal-text.ts';
import type { Mark, Row } from './timeline-rows.ts';

export const narrowest = 40;
const widest = 110;

const marks: Readonly<Record<Mark, string>> = { busy: '●', good: '✔', bad: '✗', none: ' ' };

/** Lays a row out: `  ✔ claim      octo/slug#1  fence 1           lease 30 min        0.0 s`. Cleans what it shows. */
export function layOut(row: Row, { columns, paint, elapsedMs }: Sheet): string {
  const width = Math.min(widest, Math.max(narrowest, columns)) - 1;
  const line = { width, paint, elapsedMs };
  return row.kind === 'phase' ? phaseLine(row, line) : stepLine(row, line);
}

/** What a row is laid out for. */
export interface Sheet {
  readonly columns: number;
  readonly paint: Paint;
  /** Of a row whose work still goes on. */
  readonly elapsedMs?: number | undefined;
}

interface Line {
  readonly width: number;
  readonly paint: Paint;
  readonly elapsedMs: number | undefined;
}

function phaseLine(row: Extract<Row, { kind: 'phase' }>, { width, paint, elapsedMs }: Line): string {
  const repeats = row.subject === row.phase || row.subject.startsWith(`${row.phase} `);
  // `issue #1` is label enough for the phase "issue"; then the detail moves up.
  const label = repeats ? row.subject : row.phase;
  const [subject, detail] = repeats ? [row.detail, ''] : [row.subject, row.detail];
  const time = formatDuration(row.durationMs ?? elapsedMs);
  const room = width - 4 - labelWidth - timeWidth;
  const head = `  ${painted(row.mark, paint)} ${paint.strong(padTo(terminalLine(label, labelWidth - 1), labelWidth))}`;
  const columns = splitRoom(subject, detail, room);
  const filler = ' '.repeat(Math.max(0, room - displayWidth(columns.subject) - displayWidth(columns.detail)));
  const line = `${head}${columns.subject}${paint.faint(columns.detail)}${filler}`;
  return time === '' ? line.trimEnd() : line + paint.faint(time.padStart(timeWidth));
}

function stepLine(row: Extract<Row, { kind: 'step' }>, { width, paint, elapsedMs }: Line): string {
  const room = width - 7 - stepLabelWidth - timeWidth;
  const marked = row.mark === 'good' || row.mark === 'bad';
  const { subject, detail } = splitRoom(row.subject, marked ? `${marks[row.mark]} ${row.detail}` : row.detail, room);
  const label = padTo(terminalLine(row.label, stepLabelWidth - 1), stepLabelWidth);
  const filler = ' '.repeat(Math.max(0, room - displayWidth(subject) - displayWidth(detail)));
  const shownDetail =
    marked && detail !== '' ? painted(row.mark, paint) + paint.faint(detail.slice(1)) : paint.faint(detail);
  const time = elapsedMs === undefined ? '' : filler + paint.faint(formatDuration(elapsedMs).padStart(timeWidth));
  return `${paint.faint(row.number.padStart(6))} ${label}${subject}${shownDetail}${time}`.trimEnd();
}

const labelWidth = 11;
const stepLabelWidth = 10;
const timeWidth = 8;
const subjectWidth = 30;

/** The subject gets its column, more when the detail leaves room, less when it needs less, all of it without a detail. */
function splitRoom(subject: string, detail: string, room: number): { subject: string; detail: string } {
  const cleanDetail = terminalLine(detail, room);
  const cleanSubject = terminalLine(subject, room);
  if (cleanDetail === '') return { subject: cleanSubject, detail: '' };
  const subjectNeeds = displayWidth(cleanSubject);
  const spare = room - displayWidth(cleanDetail) - 2;
  const least = Math.min(subjectWidth, Math.floor(room * 0.55));
  // A detail that does not fit beside the usual column may have what the subject does not need of it.
  const column =
    spare < least ? Math.max(spare, Math.min(subjectNeeds, least)) : Math.max(least, Math.min(subjectNeeds, spare));
  return { subject: `${padTo(cleanSubject, column)}  `, detail: cutToWidth(cleanDetail, room - column - 2) };
}

function painted(mark: Mark, paint: Paint): string {
  switch (mark) {
    case 'good':
      return paint.good(marks.good);
    case 'bad':
      return paint.bad(marks.bad);
    case 'busy':
      return paint.busy(marks.busy);
    case 'none':
      return marks.none;
    default:
      return mark satisfies never;
  }
}

/** `0.3 s`, `42 s`, `3m 05s`, `1h 02m`. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return '';
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(Math.floor(seconds) % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}
