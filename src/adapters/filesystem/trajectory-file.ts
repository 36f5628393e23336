import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { parseTrajectory } from '../../domain/trajectory-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TrajectoryRecorder } from '../../ports/trajectory-recorder.ts';

export interface TrajectoryFileOptions {
  readonly clock: Clock;
  /** What to do with a file that already holds something. To continue cuts a torn last line off. */
  readonly existing?: 'refuse' | 'continue';
}

/**
 * Opens a trajectory for appending. Each event is one `write` of one line, made before `record` returns: a `kill -9` of
 * this process loses nothing that was recorded, since written bytes belong to the kernel. There is no fsync: a crash of
 * the whole machine may cost the last lines, which on an ephemeral runner are lost with its disk anyway.
 */
export function openTrajectory(path: string, options: TrajectoryFileOptions): TrajectoryRecorder & Disposable {
  const { clock, existing = 'refuse' } = options;
  const fd = openFile(path, existing);
  let { size, seq } = startOf(path, fd, existing);
  let open = true;
  return {
    record(event) {
      // The number of a closed file may already belong to another one.
      if (!open) throw unwritable(path, 'is closed', undefined);
      const line = Buffer.from(`${JSON.stringify({ seq, at: clock.now(), ...event })}\n`);
      appendLine({ path, fd, size }, line);
      size += line.length;
      seq += 1;
    },
    [Symbol.dispose]() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

function openFile(path: string, existing: 'refuse' | 'continue'): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Continuing needs to read as well; both append, so that no position is shared with another writer.
    return openSync(path, existing === 'continue' ? 'a+' : 'a', 0o600);
  } catch (cause) {
    throw unwritable(path, 'cannot be opened', cause);
  }
}

function startOf(path: string, fd: number, existing: 'refuse' | 'continue'): { size: number; seq: number } {
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return { size: 0, seq: 0 };
    if (existing === 'refuse') throw occupied(path, size);
    const { events, completeBytes } = parseTrajectory(readFileSync(fd));
    if (completeBytes < size) ftruncateSync(fd, completeBytes);
    return { size: completeBytes, seq: events.length };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

interface OpenEnd {
  readonly path: string;
  readonly fd: number;
  /** Bytes until now. */
  readonly size: number;
}

function appendLine({ path, fd, size }: OpenEnd, line: Uint8Array): void {
  let cause: unknown;
  try {
    if (writeSync(fd, line) === line.length) return;
  } catch (error) {
    cause = error;
  }
  // A part of a line must not stay: the next event would be glued to it, and the file no longer readable.
  try {
    ftruncateSync(fd, size);
  } catch (error) {
    throw unwritable(path, 'cannot be written, and may hold a part of a line', new AggregateError([cause, error]));
  }
  throw unwritable(path, 'cannot be written', cause);
}

function occupied(path: string, size: number): EntropyError {
  return new EntropyError({
    code: 'E104',
    message: `the trajectory ${path} already holds ${size} bytes`,
    fix: 'give another path, or continue the file on purpose; a run never writes over what another recorded',
  });
}

function unwritable(path: string, what: string, cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E104',
    message: `the trajectory ${path} ${what}`,
    fix: 'check that the folder may be written to and that the disk has room',
    cause,
  });
}
