import type { TrajectoryBody, TrajectoryEvent } from '../../src/domain/trajectory.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { TrajectoryRecorder } from '../../src/ports/trajectory-recorder.ts';

export interface MemoryRecorder extends TrajectoryRecorder {
  readonly events: readonly TrajectoryEvent[];
  /** The events of one type, typed as such. */
  ofType<T extends TrajectoryBody['type']>(type: T): readonly Extract<TrajectoryEvent, { type: T }>[];
}

/** A trajectory in memory, numbered and stamped as the real one is. */
export function memoryRecorder(clock?: Clock): MemoryRecorder {
  const events: TrajectoryEvent[] = [];
  return {
    events,
    record: (event) => {
      events.push({ seq: events.length, at: clock?.now() ?? 0, ...event });
    },
    ofType: <T extends TrajectoryBody['type']>(type: T) =>
      events.filter((event): event is Extract<TrajectoryEvent, { type: T }> => event.type === type),
  };
}
