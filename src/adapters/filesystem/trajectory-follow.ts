import { type FileHandle, open } from 'node:fs/promises';
import type { TrajectoryEvent } from '../../domain/trajectory.ts';
import { parseTrajectoryLine } from '../../domain/trajectory-line.ts';
import { completeLines } from '../../domain/trajectory-text.ts';
import type { Clock } from '../../ports/clock.ts';

export interface FollowOptions {
  readonly clock: Clock;
  readonly onEvent: (event: TrajectoryEvent) => void;
  /** Ends the following; what was written until then is still reported before the promise resolves. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

/**
 * Reports the events of a trajectory while another process writes it; the file need not exist yet. Polls: `fs.watch`
 * is silent on network and overlay file systems, and a timeline needs no more than a few looks a second. Resolves after
 * the signal; throws E306 when a complete line is damaged.
 */
export async function followTrajectory(path: string, options: FollowOptions): Promise<void> {
  const { clock, signal, everyMs = 50 } = options;
  let position: Position = { offset: 0, seq: 0 };
  while (!signal.aborted) {
    position = await reportNew(path, position, options.onEvent);
    // The abort ends the wait, not the following: one more look comes after it.
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
  await reportNew(path, position, options.onEvent);
}

interface Position {
  readonly offset: number;
  readonly seq: number;
}

async function reportNew(
  path: string,
  position: Position,
  onEvent: (event: TrajectoryEvent) => void,
): Promise<Position> {
  const { lines, completeBytes } = completeLines(await bytesFrom(path, position.offset));
  for (const [index, line] of lines.entries()) onEvent(parseTrajectoryLine(line, position.seq + index));
  // A torn end is read again next time, and by then is whole, or was cut off by a writer that continues the file.
  return { offset: position.offset + completeBytes, seq: position.seq + lines.length };
}

async function bytesFrom(path: string, offset: number): Promise<Uint8Array> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const notYetThere = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (notYetThere) return new Uint8Array();
    throw error;
  }
  await using handle = file;
  const { size } = await handle.stat();
  const bytes = new Uint8Array(Math.max(0, size - offset));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
  return bytes.subarray(0, bytesRead);
}
