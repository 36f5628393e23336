/** `1.4.0`: three numbers and nothing behind them; what is tried out is not released. */
const release = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;

/** `v1` of `1.4.0`. */
export function majorTag(version: string): string {
  if (!release.test(version)) throw new Error(`"${version}" is no version that can be released: 1.4.0`);
  return `v${version.split('.', 1)[0]}`;
}

/** Versions that tags name, the highest first. */
export function releasedVersions(tags: Iterable<string>): readonly string[] {
  return [...tags]
    .filter((tag) => tag.startsWith('v') && release.test(tag.slice(1)))
    .map((tag) => tag.slice(1))
    .sort((a, b) => compareVersions(b, a));
}

export function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
