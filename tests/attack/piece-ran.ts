/** As V8 tells coverage: a function's own range first, then the blocks in it that ran another number of times. */
export interface CoveredFunction {
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
}

interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Whether any letter of the piece belongs to code that was run: the smallest range around it counts. */
export function pieceRan(functions: readonly CoveredFunction[], { start, end }: Piece): boolean {
  const ranges = functions
    .flatMap((covered) => covered.ranges)
    .filter(({ startOffset, endOffset }) => startOffset < end && endOffset > start)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  for (let at = start; at < end; at += 1) {
    const innermost = ranges.find(({ startOffset, endOffset }) => startOffset <= at && at < endOffset);
    if (innermost !== undefined && innermost.count > 0) return true;
  }
  return false;
}
