export interface Reader {
  readonly run: () => void;
  /** Sets that hold this reader. */
  readonly sources: Set<Set<Reader>>;
}

const stack: Reader[] = [];
const waiting = new Set<Reader>();
let depth = 0;

export function reading(): Reader | undefined {
  return stack.at(-1);
}

export function readAs<Result>(reader: Reader, work: () => Result): Result {
  for (const readers of reader.sources) readers.delete(reader);
  reader.sources.clear();
  stack.push(reader);
  try {
    return work();
  } finally {
    stack.pop();
  }
}

export function schedule(readers: readonly Reader[]): void {
  for (const reader of readers) waiting.add(reader);
  if (depth === 0) flush();
}

/** Effects wait until the work is done. */
export function batch<Result>(work: () => Result): Result {
  depth += 1;
  try {
    return work();
  } finally {
    depth -= 1;
    if (depth === 0) flush();
  }
}

function flush(): void {
  while (waiting.size > 0) {
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    next.run();
  }
}
