/** Dates and ages as queries write them. A date is the whole day in UTC, a time without a zone is in UTC. */

const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };

const agePattern = /^(\d{1,5})([mhdw])$/;
const todayPattern = /^@today(?:([+-])(\d{1,5})([dw]))?$/;
const datePattern = /^([1-9]\d{3})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Milliseconds from the first that belongs to it to the first that does not. */
export interface DateSpan {
  readonly from: number;
  readonly until: number;
}

/** In canonical form, or undefined for what is neither a date nor `@today`. */
export function canonicalDate(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (lower.startsWith('@')) return todayPattern.test(lower) ? lower : undefined;
  const upper = text.toUpperCase();
  return fixedSpan(upper) === undefined ? undefined : upper;
}

/** `7d` in canonical form, or undefined. */
export function canonicalAge(text: string): string | undefined {
  const lower = text.toLowerCase();
  return agePattern.test(lower) ? lower : undefined;
}

/** Of a canonical text; undefined for one that is a date. */
export function ageMs(text: string): number | undefined {
  const [, count, unit] = agePattern.exec(text) ?? [];
  return count === undefined || unit === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0);
}

/** Of a canonical text that is no age. */
export function dateSpan(text: string, now: number): DateSpan | undefined {
  const today = todayPattern.exec(text);
  if (today === null) return fixedSpan(text);
  const [, sign, count = '0', unit = 'd'] = today;
  const moved = Number(count) * (unitMs[unit] ?? 0);
  const from = Math.floor(now / dayMs) * dayMs + (sign === '-' ? -moved : moved);
  return { from, until: from + dayMs };
}

function fixedSpan(text: string): DateSpan | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute, second, fraction, zone] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const real = new Date(midnight).getUTCMonth() === Number(month) - 1 && Number(day) > 0;
  if (!real) return undefined;
  if (hour === undefined || minute === undefined) return { from: midnight, until: midnight + dayMs };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const offset = zoneMs(zone);
  if (offset === undefined) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second ?? 0);
  const from = midnight + seconds * 1_000 + Number((fraction ?? '').padEnd(3, '0')) - offset;
  return { from, until: from + precisionMs(second, fraction) };
}

/** `14:11` is the whole minute, `14:11:00` the whole second. */
function precisionMs(second: string | undefined, fraction: string | undefined): number {
  if (second === undefined) return 60_000;
  return fraction === undefined ? 1_000 : 10 ** (3 - fraction.length);
}

function zoneMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
