import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ClaimAnswer, ClaimCall, ClaimOperation } from '../linearizability/claim-operation.ts';

/** What came of a call: an answer, or a fault of the store, after which nobody knows whether it happened. */
export type Outcome = ClaimAnswer | { readonly kind: 'failed'; readonly message: string };

type Line =
  | { readonly contender: number; readonly at: number; readonly key: number; readonly call: ClaimCall }
  | { readonly contender: number; readonly at: number; readonly outcome: Outcome };

export interface OperationLog extends Disposable {
  called(contender: number, of: { readonly at: number; readonly key: number; readonly call: ClaimCall }): void;
  ended(contender: number, of: { readonly at: number; readonly key: number; readonly outcome: Outcome }): void;
}

/**
 * Every call is in the file before it is made: whoever is killed after that leaves the call behind as one without an
 * answer, and never an effect without its call. Keys are shared out over the files, each key in one.
 */
export function openOperationLog(files: readonly string[]): OperationLog {
  const opened = files.map((file) => openSync(file, 'a'));
  const write = (key: number, line: Line): void => {
    writeSync(opened[key % opened.length] ?? 0, `${JSON.stringify(line)}\n`);
  };
  return {
    called: (contender, { at, key, call }) => write(key, { contender, at, key, call }),
    ended: (contender, { at, key, outcome }) => write(key, { contender, at, outcome }),
    [Symbol.dispose]: () => {
      for (const file of opened) closeSync(file);
    },
  };
}

export interface ReadOperation {
  readonly key: number;
  readonly operation: ClaimOperation;
  readonly failed?: string;
}

export interface LogOwner {
  readonly name: string;
  /** Until when a call of which nothing was heard may have its effect; after its process ended, or never to be known. */
  readonly effectsUntil: number;
}

/** The operations in one file of one process, in the order of their calls. */
export function readOperationLog(file: string, { name, effectsUntil }: LogOwner): readonly ReadOperation[] {
  const found: { key: number; operation: ClaimOperation; failed?: string }[] = [];
  const open = new Map<number, number>();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const line = parseLine(text);
    if (line === undefined) continue;
    const { contender, at } = line;
    if ('call' in line) {
      const process = `${name}/${contender}`;
      open.set(contender, found.length);
      found.push({ key: line.key, operation: { process, call: line.call, start: at, end: effectsUntil } });
      continue;
    }
    const entry = found[open.get(contender) ?? -1];
    if (entry === undefined) throw new Error(`${file}: an answer without a call`);
    const { outcome } = line;
    if (outcome.kind === 'failed') entry.failed = outcome.message;
    else entry.operation = { ...entry.operation, end: at, result: outcome };
  }
  return found;
}

/** Nothing for the last line of a process that was killed while it wrote: that call had not been made. */
function parseLine(text: string): Line | undefined {
  if (!text.endsWith('}')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
