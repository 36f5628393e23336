import type { LifeEvent, Phase } from '../domain/life-event.ts';

export interface PhaseEnd {
  readonly phase: Phase;
  readonly ok: boolean;
  readonly subject: string;
  /** Empty when there is nothing to add. */
  readonly detail?: string;
  readonly durationMs: number;
}

interface PhaseWork<T> {
  readonly phase: Phase;
  readonly subject: string;
  readonly detail?: (done: T) => string;
}

export interface ToldPhases {
  /** Milliseconds by phase, of those that took time. */
  readonly durations: Readonly<Record<string, number>>;
  started(phase: Phase, subject: string): void;
  finished(end: PhaseEnd): void;
  /** A phase of which only the outcome is known: it is told at once and has no duration. */
  passed(phase: Phase, text: { readonly subject: string; readonly detail: string }): void;
  /** Tells start and end of a piece of work, the end also when it throws. */
  during<T>(work: PhaseWork<T>, act: () => Promise<T>): Promise<T>;
}

/** The phases of a life, told to whoever watches; docs/cli.md shows how the command line draws them. */
export function tellPhases(onEvent: (event: LifeEvent) => void): ToldPhases {
  const durations: Record<string, number> = {};
  const started = (phase: Phase, subject: string): void => onEvent({ type: 'phase.started', phase, subject });
  const ended = ({ detail = '', ...end }: PhaseEnd): void => onEvent({ type: 'phase.finished', ...end, detail });
  const finished = (end: PhaseEnd): void => {
    durations[end.phase] = Math.round(end.durationMs);
    ended(end);
  };
  return {
    durations,
    started,
    finished,
    passed(phase, text) {
      started(phase, text.subject);
      ended({ phase, ok: true, ...text, durationMs: 0 });
    },
    async during({ phase, subject, detail }, act) {
      const since = performance.now();
      started(phase, subject);
      const end = (ok: boolean, text: string): void =>
        finished({ phase, ok, subject, detail: text, durationMs: performance.now() - since });
      try {
        const done = await act();
        end(true, detail?.(done) ?? '');
        return done;
      } catch (error) {
        end(false, '');
        throw error;
      }
    },
  };
}
