import type { TrajectoryBody } from '../domain/trajectory.ts';

/** Takes events in order and has them on disk before `record` returns. Numbers and stamps them itself. */
export interface TrajectoryRecorder {
  record(event: TrajectoryBody): void;
}
