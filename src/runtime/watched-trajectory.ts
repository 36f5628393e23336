import { followTrajectory } from '../adapters/filesystem/trajectory-follow.ts';
import type { TrajectoryEvent } from '../domain/trajectory.ts';
import type { Clock } from '../ports/clock.ts';

export interface TrajectoryWatch {
  /** Absolute path; the file need not exist yet. Or how to find it: undefined when it never came. */
  readonly path: string | ((signal: AbortSignal) => Promise<string | undefined>);
  readonly clock: Clock;
  readonly onEvent: (event: TrajectoryEvent) => void;
}

export interface WatchedTrajectory {
  /** Tells what was written until now, then ends. Throws E306 when the trajectory is damaged. May be called again. */
  end(): Promise<void>;
}

/** The events of a trajectory that another process is writing, from now until `end`. */
export function watchTrajectory({ path, clock, onEvent }: TrajectoryWatch): WatchedTrajectory {
  const ended = new AbortController();
  const { signal } = ended;
  const watch = async (): Promise<void> => {
    const file = typeof path === 'string' ? path : await path(signal);
    if (file !== undefined) await followTrajectory(file, { clock, signal, onEvent });
  };
  const watching = watch();
  // It is `end` that tells of a failure; until then nobody waits, and Node would take the process down.
  watching.catch(() => undefined);
  return {
    end() {
      ended.abort();
      return watching;
    },
  };
}
