/** What a figure takes besides `--json` and `--quick`: `export const options: FigureFlags`. */
export type FigureFlags = Readonly<Record<string, FigureFlag>>;
export type FigureFlag =
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** A whole number above zero. */
  | { readonly kind: 'count' }
  | { readonly kind: 'text' };

export interface FigureOptions {
  readonly quick: boolean;
  readonly progress: (line: string) => void;
  /** Those of its own flags that were given, checked: a choice is one of its words, a count is a number. */
  readonly flags: Readonly<Record<string, string | number | undefined>>;
}

/** The count that was given. */
export function countFlag({ flags }: FigureOptions, name: string, otherwise: number): number {
  const value = flags[name];
  return typeof value === 'number' ? value : otherwise;
}

export type FigureResult =
  | {
      readonly kind: 'measured';
      readonly ok: boolean;
      readonly figures: Readonly<Record<string, unknown>>;
      readonly limits: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'missing'; readonly what: string; readonly fix: string };

/** One measurement or judgement; `scripts/figures.ts` finds it by its file's name. */
export type Figure = (options: FigureOptions) => Promise<FigureResult>;

/** Minimum, median, 95th percentile and maximum of some readings, rounded to two decimals. */
export function spread(readings: readonly number[]): {
  min: number;
  median: number;
  p95: number;
  max: number;
  n: number;
} {
  const sorted = [...readings].sort((a, b) => a - b);
  const at = (share: number) => {
    const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
    return Math.round((sorted[index] ?? Number.NaN) * 100) / 100;
  };
  return { min: at(0), median: at(0.5), p95: at(0.95), max: at(1), n: sorted.length };
}
