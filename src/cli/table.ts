import type { Channel } from './cli-io.ts';
import type { Paint } from './paint.ts';
import { displayWidth, padTo, terminalLine } from './terminal-text.ts';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** No wider than this, whatever is in it. */
  readonly max?: number;
  /** Takes what the others leave; the last column when none says so. */
  readonly grows?: true;
  readonly align?: 'right';
  /** Given after the text has its width. */
  readonly paint?: (text: string, row: Row) => string;
}

const gap = 2;
const narrowest = 8;

/** Rows under titles, no line wider than the terminal (80 columns when it tells none). Every cell is cleaned. */
export function tableText<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const cells = rows.map((row) => columns.map(({ of, max }) => terminalLine(of(row), Math.min(max ?? width, width))));
  const natural = columns.map(({ title }, at) =>
    cells.reduce((widest, line) => Math.max(widest, displayWidth(line[at] ?? '')), title.length),
  );
  const widths = fitted(natural, columns, width);
  const last = columns.length - 1;
  const line = (texts: readonly string[], paintCell: (text: string, at: number) => string): string =>
    texts
      .map((text, at) => {
        const room = widths[at] ?? 0;
        const right = columns[at]?.align === 'right';
        const padded = right
          ? `${' '.repeat(Math.max(0, room - displayWidth(text)))}${padTo(text, Math.min(room, displayWidth(text)))}`
          : padTo(text, room);
        return paintCell(at === last && !right ? padded.trimEnd() : padded, at);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  const head = paint.faint(
    line(
      columns.map(({ title }) => title),
      (text) => text,
    ),
  );
  const body = cells.map((texts, index) => {
    const row = rows[index];
    return line(texts, (text, at) => {
      const painted = columns[at]?.paint;
      return painted === undefined || row === undefined ? text : painted(text, row);
    });
  });
  return `${[head, ...body].join('\n')}\n`;
}

/** The column that grows gives way first, then the widest ones, until the line fits. */
function fitted<Row>(natural: readonly number[], columns: readonly Column<Row>[], width: number): readonly number[] {
  const widths = [...natural];
  const growing = columns.findIndex(({ grows }) => grows === true);
  const first = growing === -1 ? columns.length - 1 : growing;
  const over = (): number => widths.reduce((sum, part) => sum + part, gap * (widths.length - 1)) - width;
  widths[first] = Math.max(narrowest, (widths[first] ?? 0) - Math.max(0, over()));
  while (over() > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= narrowest) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

export function widthOf(channel: Channel, columns: number | undefined): number {
  return Math.max(40, columns ?? channel.columns ?? 80);
}
