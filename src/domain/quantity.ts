/** Quantities as people write them. Each parser returns undefined for what it does not understand; nothing is guessed. */

/** `2`, `2.5`, `2usd`, `$2.50`, `2 USD` → millionths of a US dollar. */
export function parseUsd(text: string): number | undefined {
  const match = /^\$?(\d{1,9})(?:\.(\d{1,6}))?\s?(?:usd)?$/i.exec(text.trim());
  if (match?.[1] === undefined) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}

/** `30`, `30m`, `30 min`, `1h`, `1h30m` → minutes. Seconds round up to a whole minute: `90s` → 2. */
export function parseMinutes(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{1,6}$/.test(trimmed)) return Number(trimmed);
  const match =
    /^(?:(\d{1,5})\s?h(?:ours?)?)?\s?(?:(\d{1,6})\s?m(?:in(?:utes?)?)?)?\s?(?:(\d{1,7})\s?s(?:ec(?:onds?)?)?)?$/.exec(
      trimmed,
    );
  if (match === null || trimmed === '') return undefined;
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  return (hours ?? 0) * 60 + (minutes ?? 0) + Math.ceil((seconds ?? 0) / 60);
}

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1_000,
  mb: 1_000_000,
  kib: 1024,
  mib: 1024 * 1024,
};

/** `524288`, `512 KiB`, `1MiB`, `500kB` → bytes. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,12})\s?([a-z]{0,3})$/i.exec(text.trim());
  const unit = byteUnits[match?.[2]?.toLowerCase() ?? '?'];
  return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** Whole numbers from `min` on, without sign, point or exponent. */
export function parseWhole(text: string, min: number): number | undefined {
  const value = /^\d{1,12}$/.test(text.trim()) ? Number(text.trim()) : undefined;
  return value === undefined || value < min ? undefined : value;
}

/** YAML 1.2's words, as GitHub's own toolkit reads them. */
export function parseYesNo(text: string): boolean | undefined {
  if (['true', 'True', 'TRUE'].includes(text.trim())) return true;
  if (['false', 'False', 'FALSE'].includes(text.trim())) return false;
  return undefined;
}

/** One entry a line or separated by commas; blank entries and lines that start with `#` are left out. */
export function parseList(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
