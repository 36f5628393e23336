import type { TrajectoryBody } from '../domain/trajectory.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { RememberedRun } from './memory.ts';

/** A recorder that also keeps, in a few words, what the next run should know. */
export interface RememberingRecorder extends TrajectoryRecorder {
  readonly remembered: Pick<RememberedRun, 'notes' | 'commands'>;
}

/** More than a memory can hold: the newest are told. */
const mostKept = 200;

export function rememberingRecorder(recorder: TrajectoryRecorder): RememberingRecorder {
  const notes: string[] = [];
  const commands: { readonly command: string; readonly result: string }[] = [];
  const keep = (event: TrajectoryBody): void => {
    if (event.type === 'progress.noted') notes.push(`${event.done} Next: ${event.next}`);
    if (event.type === 'tool.finished' && event.tool === 'bash') {
      commands.push({ command: event.subject, result: event.summary });
    }
    for (const list of [notes, commands]) if (list.length > mostKept) list.shift();
  };
  return {
    remembered: { notes, commands },
    record(event) {
      recorder.record(event);
      keep(event);
    },
  };
}
