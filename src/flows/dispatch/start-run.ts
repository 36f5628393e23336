import type { DispatchRoom } from './dispatch-room.ts';
import { type DispatchedRun, dispatchRun } from './dispatch-run.ts';
import { endDispatched } from './end-dispatched.ts';

export type StartedRun =
  | {
      readonly kind: 'done';
      readonly what: 'started' | 'not-needed' | 'start-refused';
      readonly text?: string;
      readonly runId: string;
    }
  | { readonly kind: 'later'; readonly afterMs: number; readonly why: string };

/** Its run is in the books: its workflow is started, and a start that GitHub refuses ends it with GitHub's words. */
export async function startRun(room: DispatchRoom, runId: string): Promise<StartedRun> {
  const dispatched: DispatchedRun = await dispatchRun(room, runId);
  switch (dispatched.kind) {
    case 'started':
      return { kind: 'done', what: dispatched.now ? 'started' : 'not-needed', runId };
    case 'not-needed':
      return { kind: 'done', what: 'not-needed', text: dispatched.why, runId };
    case 'look-again':
      return { kind: 'later', afterMs: dispatched.afterMs, why: 'GitHub may have started it and not list it yet' };
    case 'refused':
      await endDispatched({ ...room, forgeOf: (place) => room.connect(place).forge }, dispatched.run, {
        reason: `Its workflow was not started. ${dispatched.reason}.`,
        next: 'Put that right, then comment `/agent retry`.',
      });
      return { kind: 'done', what: 'start-refused', text: dispatched.reason, runId };
    default:
      return dispatched satisfies never;
  }
}
