/** Edits that one stretch may need before it counts as rewritten; bounds the work for texts that have nothing in common. */
const mostEdits = 400;

interface Stretch {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/**
 * Which line of `b` each line of `a` is: `result[i]` is its place in `b`, or −1. Lines that occur once in both hold the rest in
 * place (Cohen's patience diff), what lies between them is aligned by fewest edits (Myers, 1986), as far as `mostEdits` goes.
 */
export function alignLines(a: readonly string[], b: readonly string[]): Int32Array {
  const places = new Int32Array(a.length).fill(-1);
  const open: Stretch[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
    const middle = takeEnds(a, b, stretch, places);
    if (middle.aFrom === middle.aTo || middle.bFrom === middle.bTo) continue;
    const anchors = uniqueAnchors(a, b, middle);
    if (anchors.length === 0) {
      fewestEdits(a, b, middle, places);
      continue;
    }
    let { aFrom, bFrom } = middle;
    for (const [inA, inB] of anchors) {
      places[inA] = inB;
      open.push({ aFrom, aTo: inA, bFrom, bTo: inB });
      [aFrom, bFrom] = [inA + 1, inB + 1];
    }
    open.push({ aFrom, aTo: middle.aTo, bFrom, bTo: middle.bTo });
  }
  return places;
}

/** Equal lines at both ends are each other; what is left is the middle. */
function takeEnds(a: readonly string[], b: readonly string[], stretch: Stretch, places: Int32Array): Stretch {
  let { aFrom, aTo, bFrom, bTo } = stretch;
  while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) {
    places[aFrom] = bFrom;
    aFrom += 1;
    bFrom += 1;
  }
  while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) {
    aTo -= 1;
    bTo -= 1;
    places[aTo] = bTo;
  }
  return { aFrom, aTo, bFrom, bTo };
}

/** Lines that are there once in either, in an order that both have: the longest such row. */
function uniqueAnchors(
  a: readonly string[],
  b: readonly string[],
  of: Stretch,
): readonly (readonly [number, number])[] {
  const inB = onlyOnce(b, of.bFrom, of.bTo);
  const pairs: (readonly [number, number])[] = [];
  for (const [text, at] of onlyOnce(a, of.aFrom, of.aTo)) {
    const other = at < 0 ? undefined : inB.get(text);
    if (other !== undefined && other >= 0) pairs.push([at, other]);
  }
  return longestRising(pairs.sort(([one], [other]) => one - other));
}

/** Place of each line; −1 for one that is there more than once. */
function onlyOnce(lines: readonly string[], from: number, to: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    const text = lines[at] ?? '';
    places.set(text, places.has(text) ? -1 : at);
  }
  return places;
}

/** Of pairs in the order of their first members: the longest row in which the second ones rise (patience sorting). */
function longestRising(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const piles: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  for (const [at, [, value]] of pairs.entries()) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[piles[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before[at] = low === 0 ? -1 : (piles[low - 1] ?? -1);
    piles[low] = at;
  }
  const row: (readonly [number, number])[] = [];
  for (let at = piles.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) row.push(pair);
  }
  return row.reverse();
}

/** Myers' greedy search; too many edits: none of these lines is taken for another. */
function fewestEdits(a: readonly string[], b: readonly string[], of: Stretch, places: Int32Array): void {
  const [n, m] = [of.aTo - of.aFrom, of.bTo - of.bFrom];
  const most = Math.min(n + m, mostEdits);
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reach.slice());
    for (let k = -edits; k <= edits; k += 2) {
      const at = most + 1 + k;
      const isDown = k === -edits || (k !== edits && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
      let x = isDown ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1;
      let y = x - k;
      while (x < n && y < m && a[of.aFrom + x] === b[of.bFrom + y]) {
        x += 1;
        y += 1;
      }
      reach[at] = x;
      if (x < n || y < m) continue;
      walkBack(trace, { of, most, places });
      return;
    }
  }
}

interface Walk {
  readonly of: Stretch;
  readonly most: number;
  readonly places: Int32Array;
}

function walkBack(trace: readonly Int32Array[], { of, most, places }: Walk): void {
  let [x, y] = [of.aTo - of.aFrom, of.bTo - of.bFrom];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Int32Array();
    const k = x - y;
    const at = most + 1 + k;
    const isDown = k === -edits || (k !== edits && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
    const previousX = edits === 0 ? 0 : (reach[isDown ? at + 1 : at - 1] ?? 0);
    const previousY = edits === 0 ? 0 : previousX - (isDown ? k + 1 : k - 1);
    while (x > previousX && y > previousY) {
      x -= 1;
      y -= 1;
      places[of.aFrom + x] = of.bFrom + y;
    }
    [x, y] = [previousX, previousY];
  }
}
