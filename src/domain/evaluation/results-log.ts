import { isObject } from '../json-shape.ts';
import { count, groupOf, oneOf, readShape, type Shape, text, wrongText } from '../shape.ts';
import {
  type AttemptRecord,
  type AttemptStart,
  attemptKey,
  attemptRecord,
  attemptStart,
  isJudged,
} from './attempt-record.ts';

/** First line of the results: what is evaluated. A file is gone on with only by the same. */
export interface ResultsHeader {
  readonly type: 'evaluation';
  readonly schema: 1;
  /** As it was asked for: `reference`, `anthropic:claude-…`. */
  readonly model: string;
  /** Day of the first attempt, UTC: models change behind their names. */
  readonly date: string;
  /** Of entropy-playground. */
  readonly version: string;
  readonly repeat: number;
  /** What each attempt is allowed, in words. */
  readonly limits: string;
}

export interface ResultsLog {
  readonly header: ResultsHeader;
  /** Those that were judged, one for each attempt: the first that was written. */
  readonly judged: readonly AttemptRecord[];
  /** The last word on each attempt that was never judged. */
  readonly unjudged: readonly AttemptRecord[];
  /** What all of it cost; an attempt that was killed counts with all that it was allowed. */
  readonly spentUsd: number;
  /** Bytes up to the end of the last whole line; what follows was cut short by a kill. */
  readonly wholeLength: number;
}

export type ReadResults =
  | { readonly kind: 'results'; readonly log: ResultsLog }
  | { readonly kind: 'wrong'; readonly line: number; readonly problem: string };

const header: Shape<ResultsHeader> = groupOf<ResultsHeader>({
  required: {
    type: oneOf(['evaluation']),
    schema: oneOf([1]),
    model: text,
    date: text,
    version: text,
    repeat: count,
    limits: text,
  },
  optional: {},
});

/**
 * Reads what an evaluation wrote, line by line. A last line without its end was cut short and is left out; anything else
 * that cannot be read is refused, for a result that is skipped would change the rate.
 */
export function readResultsLog(bytes: string): ReadResults {
  const wholeLength = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.slice(0, wholeLength).split('\n').slice(0, -1);
  const [first, ...rest] = lines.map(parsed);
  if (first === undefined) return { kind: 'wrong', line: 1, problem: 'there is no first line that says what it is of' };
  const head = readShape(header, first);
  if (head.kind === 'wrong') return { kind: 'wrong', line: 1, problem: wrongText(head) };
  const ended: AttemptRecord[] = [];
  const open = new Map<string, AttemptStart>();
  let lostUsd = 0;
  for (const [at, value] of rest.entries()) {
    const isStart = isObject(value) && value['type'] === 'started';
    const read = isStart ? readShape(attemptStart, value) : readShape(attemptRecord, value);
    if (read.kind === 'wrong') return { kind: 'wrong', line: at + 2, problem: wrongText(read) };
    const entry = read.value;
    const key = attemptKey(entry);
    if (entry.type === 'started') {
      lostUsd += open.get(key)?.ceilingUsd ?? 0;
      open.set(key, entry);
    } else {
      open.delete(key);
      ended.push(entry);
    }
  }
  for (const { ceilingUsd } of open.values()) lostUsd += ceilingUsd;
  return {
    kind: 'results',
    log: {
      header: head.value,
      ...sortRecords(ended),
      spentUsd: ended.reduce((sum, { costUsd }) => sum + costUsd, lostUsd),
      wholeLength: new TextEncoder().encode(bytes.slice(0, wholeLength)).length,
    },
  };
}

/** The first judgement of each attempt; of those that were never judged, the last word. */
export function sortRecords(ended: readonly AttemptRecord[]): Pick<ResultsLog, 'judged' | 'unjudged'> {
  const judged = new Map<string, AttemptRecord>();
  const unjudged = new Map<string, AttemptRecord>();
  for (const record of ended) {
    const key = attemptKey(record);
    if (!isJudged(record)) unjudged.set(key, record);
    else if (!judged.has(key)) judged.set(key, record);
  }
  for (const key of judged.keys()) unjudged.delete(key);
  return { judged: [...judged.values()], unjudged: [...unjudged.values()] };
}

/** Undefined where the line is not JSON; no shape has that. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The caller tells the line and what is wrong with it.
    return undefined;
  }
}
