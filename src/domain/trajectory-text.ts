import type { TrajectoryEvent } from './trajectory.ts';
import { parseTrajectoryLine } from './trajectory-line.ts';

export interface ParsedTrajectory {
  readonly events: readonly TrajectoryEvent[];
  /** True when the file ends within a line: the writer was killed while it wrote. Those bytes are in no event. */
  readonly torn: boolean;
  /** Bytes up to and with the last complete line. */
  readonly completeBytes: number;
}

/**
 * The bytes of a trajectory file as events; throws E306 with the line when damaged. A last line without its newline is
 * torn even where it happens to be whole JSON: a line is written with its end.
 */
export function parseTrajectory(bytes: Uint8Array): ParsedTrajectory {
  const { lines, completeBytes } = completeLines(bytes);
  const events = lines.map((line, seq) => parseTrajectoryLine(line, seq));
  return { events, torn: completeBytes < bytes.length, completeBytes };
}

const newline = 0x0a;

/** Split on bytes, not characters: a chunk may end within a character, never within a line that counts. */
export function completeLines(bytes: Uint8Array): { lines: string[]; completeBytes: number } {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    lines.push(decoder.decode(bytes.subarray(start, end)));
    start = end + 1;
  }
  return { lines, completeBytes: start };
}
