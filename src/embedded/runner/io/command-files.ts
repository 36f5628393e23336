import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type KeyValueResult, parseKeyValueFile } from './key-value-file.ts';

const names = ['env', 'path', 'output', 'state', 'step_summary'] as const;
type CommandFile = (typeof names)[number];

/** The files through which one process of a step talks back; new and empty for every process. */
export interface CommandFiles {
  readonly paths: Readonly<Record<CommandFile, string>>;
  read(): CommandFileContents;
  remove(): void;
}

export interface CommandFileContents {
  readonly env: KeyValueResult;
  readonly output: KeyValueResult;
  readonly state: KeyValueResult;
  /** Folders to put before PATH, in the order written. */
  readonly path: readonly string[];
  /** Undefined when there is none; `too-large` above GitHub's limit. */
  readonly summary:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'too-large'; readonly bytes: number }
    | undefined;
}

/** GitHub refuses more than this of one step's summary, and more than a step can sensibly write of the others. */
export const summaryLimitBytes = 1024 * 1024;
const fileLimitBytes = 16 * 1024 * 1024;

export function createCommandFiles(folder: string, suffix: string): CommandFiles {
  const paths = Object.fromEntries(names.map((name) => [name, path.join(folder, `${name}_${suffix}`)])) as Record<
    CommandFile,
    string
  >;
  for (const file of Object.values(paths)) writeFileSync(file, '');
  return {
    paths,
    read: () => ({
      env: readPairs(paths.env),
      output: readPairs(paths.output),
      state: readPairs(paths.state),
      path: readText(paths.path)
        .split(/\r?\n/)
        .filter((line) => line !== ''),
      summary: readSummary(paths.step_summary),
    }),
    remove: () => {
      for (const file of Object.values(paths)) rmSync(file, { force: true });
    },
  };
}

function readPairs(file: string): KeyValueResult {
  const bytes = sizeOf(file);
  if (bytes > fileLimitBytes)
    return { kind: 'invalid', pairs: [], reason: `${path.basename(file)} has ${bytes} bytes` };
  return parseKeyValueFile(readText(file));
}

function readSummary(file: string): CommandFileContents['summary'] {
  const bytes = sizeOf(file);
  if (bytes === 0) return undefined;
  return bytes > summaryLimitBytes ? { kind: 'too-large', bytes } : { kind: 'text', text: readText(file) };
}

/** A step may delete its file or put something else there; then it said nothing. */
function sizeOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : 0;
}

function readText(file: string): string {
  return sizeOf(file) === 0 || sizeOf(file) > fileLimitBytes ? '' : withoutMark(readFileSync(file, 'utf8'));
}

/** PowerShell starts a file with a byte order mark. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
