import { unprocessable } from './problem.ts';

/** GitHub's search syntax for dates: `>=2026-11-21T10:00:00Z`, `2026-11-01..2026-11-21`, `*..2026-11-21`, `2026-11-21`. */
export function isWithinDates(asked: string | null, at: string): boolean {
  if (asked === null || asked === '') return true;
  const time = Date.parse(at);
  const range = asked.split('..');
  if (range.length === 2) {
    const [from = '', to = ''] = range;
    return (from === '*' || time >= startOf(from)) && (to === '*' || time <= endOf(to));
  }
  const [, comparison = '', date = ''] = /^(>=|<=|>|<)?(.+)$/.exec(asked) ?? [];
  switch (comparison) {
    case '>=':
      return time >= startOf(date);
    case '>':
      return time > endOf(date);
    case '<=':
      return time <= endOf(date);
    case '<':
      return time < startOf(date);
    default:
      return time >= startOf(date) && time <= endOf(date);
  }
}

function startOf(date: string): number {
  const time = Date.parse(date);
  if (Number.isNaN(time)) throw unprocessable(`Validation Failed: "${date.slice(0, 40)}" is no date`);
  return time;
}

/** A day lasts until its last millisecond. */
function endOf(date: string): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date);
  return startOf(date) + (isDay ? 86_399_999 : 0);
}
