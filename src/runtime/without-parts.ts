type Path = readonly (string | number)[];

export interface Kept {
  readonly value: unknown;
  /** The path of something that was kept, as it is in the whole. */
  readonly pathInWhole: (path: Path) => Path;
}

/** A plain value without some of its parts. A list that loses all its entries goes with them. */
export function withoutParts(whole: unknown, parts: readonly Path[]): Kept {
  const dropped = new Set(parts.map((path) => JSON.stringify(path)));
  /** By the path of a list in what is kept: where its entries were. */
  const entriesOf = new Map<string, readonly number[]>();
  const isDropped = (path: Path): boolean => dropped.has(JSON.stringify(path));
  const copy = (value: unknown, path: Path, shown: Path): unknown => {
    if (isDropped(path)) return undefined;
    if (Array.isArray(value)) {
      const kept = value.map((_, index) => index).filter((index) => !isDropped([...path, index]));
      if (kept.length === 0 && value.length > 0) return undefined;
      entriesOf.set(JSON.stringify(shown), kept);
      return kept.map((index, at) => copy(value[index], [...path, index], [...shown, at]));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
        const kept = copy(part, [...path, key], [...shown, key]);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  };
  const value = copy(whole, [], []);
  const pathInWhole = (path: Path): Path =>
    path.map((part, at) =>
      typeof part === 'number' ? (entriesOf.get(JSON.stringify(path.slice(0, at)))?.[part] ?? part) : part,
    );
  return { value, pathInWhole };
}
