import type { TrajectoryEvent } from '../../domain/trajectory.ts';

export type ReplayComparison =
  | { readonly kind: 'same'; readonly compared: number }
  | {
      readonly kind: 'diverged';
      /** `seq` of the recorded event that came out differently; of its end when the fresh run went on longer. */
      readonly seq: number;
      /** For people: `turn 3, bash npm test: output`. */
      readonly what: string;
      readonly recorded: string;
      readonly fresh: string;
    };

interface Observation {
  readonly seq: number;
  readonly title: string;
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * The first thing that came out differently in a replayed run: a tool's result, a test, what was handed over, the end.
 * What differs in every run is not compared: durations, times of day, temporary paths, ports of loopback servers.
 */
export function compareReplay(
  recorded: readonly TrajectoryEvent[],
  fresh: readonly TrajectoryEvent[],
): ReplayComparison {
  const before = recorded.flatMap(observe);
  const after = fresh.flatMap(observe);
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const difference = differenceOf(before[index], after[index]);
    if (difference === undefined) continue;
    const seq = before[index]?.seq ?? recorded.at(-1)?.seq ?? 0;
    return { kind: 'diverged', seq, ...difference };
  }
  return { kind: 'same', compared: before.length };
}

function differenceOf(
  before: Observation | undefined,
  after: Observation | undefined,
): { what: string; recorded: string; fresh: string } | undefined {
  if (before?.title !== after?.title) {
    return { what: 'next step', recorded: before?.title ?? '(nothing more)', fresh: after?.title ?? '(nothing more)' };
  }
  for (const [name, recorded] of Object.entries(before?.facts ?? {})) {
    const fresh = after?.facts[name] ?? '';
    if (recorded !== fresh) return { what: `${before?.title}: ${name}`, recorded, fresh };
  }
  return undefined;
}

function observe(event: TrajectoryEvent): Observation[] {
  switch (event.type) {
    case 'tool.finished': {
      const title = `turn ${event.turn}, ${event.tool} ${event.subject}`;
      return [{ seq: event.seq, title, facts: { ok: String(event.ok), output: settle(event.output) } }];
    }
    case 'tests.finished': {
      const { exitCode, timedOut, output } = event.run;
      const facts = { 'exit code': String(exitCode), 'timed out': String(timedOut), output: settle(output) };
      return [{ seq: event.seq, title: `tests ${event.phase}`, facts }];
    }
    case 'run.submitted':
      return [{ seq: event.seq, title: 'submit', facts: { submission: JSON.stringify(event.submission) } }];
    case 'run.reported':
      return [{ seq: event.seq, title: 'report', facts: { report: JSON.stringify(event.report) } }];
    case 'run.asked':
      return [{ seq: event.seq, title: 'ask', facts: { questions: JSON.stringify(event.questions) } }];
    case 'run.finished': {
      const facts = { outcome: event.outcome, patch: event.patch?.treeSha ?? 'none' };
      return [{ seq: event.seq, title: 'end of the run', facts }];
    }
    default:
      return [];
  }
}

const unsettled: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b/g, '<time>'],
  [/(?:\/private)?\/(?:tmp|var\/folders)\/[\w.@+/-]*/g, '<tmp>'],
  [/\b(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}\b/g, '$1:<port>'],
  // Runners of tests write `1.2s`, `812ms`, `(3 ms)`, `duration_ms 4.83`, `0.412 seconds`.
  [/\b(duration_ms:? )\d+(?:\.\d+)?/g, '$1<duration>'],
  [/\b\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s|sec|secs|seconds?|m|min|minutes?)\b/g, '<duration>'],
];

function settle(text: string): string {
  return unsettled.reduce((settled, [pattern, name]) => settled.replace(pattern, name), text);
}
