import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { AttemptRecord, AttemptStart } from '../../domain/evaluation/attempt-record.ts';
import { type ResultsHeader, type ResultsLog, readResultsLog } from '../../domain/evaluation/results-log.ts';

/** The results of an evaluation, a line for each thing that happened, on disk before anybody is told. */
export interface ResultsFile extends AsyncDisposable {
  append(line: AttemptStart | AttemptRecord): Promise<void>;
}

/** E104 when the file is there already. */
export async function createResults(file: string, header: ResultsHeader): Promise<ResultsFile> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'ax').catch((cause: unknown) => {
    throw new EntropyError({
      code: 'E104',
      message: `${file} cannot be begun`,
      fix: `name another folder (--out DIR), or go on with it: --resume ${file}`,
      cause,
    });
  });
  const results = appendTo(handle);
  await results.write(header);
  return results;
}

/** What the file holds, and the file to go on with; a line that a kill cut short is taken off first. E102. */
export async function reopenResults(
  file: string,
): Promise<{ readonly log: ResultsLog; readonly results: ResultsFile }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EntropyError({
      code: 'E102',
      message: `there are no results at ${file}`,
      fix: 'name the results.jsonl of an evaluation',
      cause,
    });
  });
  const read = readResultsLog(text);
  if (read.kind === 'wrong') {
    throw new EntropyError({
      code: 'E102',
      message: `${file}:${read.line}: ${read.problem}`,
      fix: 'restore the file, or begin anew: nothing is guessed about a result that cannot be read',
    });
  }
  const handle = await open(file, 'r+');
  await handle.truncate(read.log.wholeLength);
  await handle.close();
  return { log: read.log, results: appendTo(await open(file, 'a')) };
}

function appendTo(handle: FileHandle): ResultsFile & { write(line: object): Promise<void> } {
  const write = async (line: object): Promise<void> => {
    await handle.appendFile(`${JSON.stringify(line)}\n`);
    await handle.datasync();
  };
  // One after the other: a line is never in the middle of another.
  let last: Promise<void> = Promise.resolve();
  const append = (line: object): Promise<void> => {
    last = last.then(() => write(line));
    return last;
  };
  return { append, write: append, [Symbol.asyncDispose]: () => handle.close() };
}
