import { EntropyError } from '../domain/error.ts';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `30m`, `1h30m`, `2d`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/.exec(text.trim());
  if (match === null || text.trim() === '') return undefined;
  const [, d = '0', h = '0', m = '0', s = '0'] = match;
  return Number(d) * units.d + Number(h) * units.h + Number(m) * units.m + Number(s) * units.s;
}

/** An option that is a duration. E100 otherwise. */
export function readDuration(option: string, text: string, { min, max }: { min: number; max: number }): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= min && ms <= max) return ms;
  throw new EntropyError({
    code: 'E100',
    message: `${option} ${text} is not a time from ${shortDuration(min)} to ${shortDuration(max)}`,
    fix: `write it as 90s, 30m, 1h30m or 2d: ${option} 30m`,
  });
}

/** A moment: so long ago (`2h`), or as ISO 8601. E100 otherwise. */
export function readMoment(option: string, text: string, now: number): number {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const at = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at) && at >= 0) return at;
  throw new EntropyError({
    code: 'E100',
    message: `${option} ${text} is not a moment`,
    fix: `write how long ago (${option} 2h) or a date (${option} 2026-11-21T08:00Z)`,
  });
}

/** `45s`, `12m`, `3h`, `2d`: the largest unit that says enough in a table. */
export function shortDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 100 * units.s && size % units.m !== 0) return `${Math.round(size / units.s)}s`;
  if (size < 100 * units.m && size % units.h !== 0) return `${Math.round(size / units.m)}m`;
  if (size < 48 * units.h) return `${Math.round(size / units.h)}h`;
  return `${Math.round(size / units.d)}d`;
}

export function ago(at: number, now: number): string {
  return at >= now ? 'now' : `${shortDuration(now - at)} ago`;
}

/** `in 12m`, `40s ago`. */
export function around(at: number, now: number): string {
  return at > now ? `in ${shortDuration(at - now)}` : ago(at, now);
}

/** `2026-11-21 08:30:05`, UTC. */
export function utcStamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
