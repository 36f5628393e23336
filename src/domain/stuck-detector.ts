/** One thing that an agent did, reduced to what tells it apart from another. */
export interface Act {
  /** Tool and input, written the same way each time. */
  readonly fingerprint: string;
  /** For a timeline or a warning: `bash npm test`. */
  readonly label: string;
  /** What went wrong, without the figures that change from time to time; undefined when it went well. */
  readonly error?: string;
}

export type StuckVerdict =
  | { readonly kind: 'moving' }
  /** Said once per standstill, so that the model can turn round by itself. */
  | { readonly kind: 'warning'; readonly reason: string }
  | { readonly kind: 'stuck'; readonly reason: string };

/** A round of one to four acts done over and over; reading, testing and undoing in turn is a round of three. */
const longestRound = 4;
const roundsBeforeWarning = 3;
const roundsBeforeStop = 5;
/** An error may stand between other acts (edit, test, edit, test); a few returns of it are ordinary work. */
const errorsBeforeWarning = 4;
const errorsBeforeStop = 8;
const memory = 200;

/** Judged after every act, with that act last. */
export function judgeStuck(acts: readonly Act[]): StuckVerdict {
  const recent = acts.slice(-memory);
  const repetition = judgeRepetition(recent);
  return repetition.kind === 'moving' ? judgeErrors(recent) : repetition;
}

function judgeRepetition(acts: readonly Act[]): StuckVerdict {
  let verdict: StuckVerdict = { kind: 'moving' };
  for (let round = 1; round <= longestRound; round += 1) {
    const repeated = repeatedTail(acts, round);
    const what = `${acts
      .slice(-round)
      .map((act) => act.label)
      .join(', ')}`;
    if (repeated >= roundsBeforeStop * round) {
      return { kind: 'stuck', reason: `the same was done ${Math.floor(repeated / round)} times in a row: ${what}` };
    }
    if (repeated === roundsBeforeWarning * round && verdict.kind === 'moving') {
      verdict = { kind: 'warning', reason: `the same was done ${roundsBeforeWarning} times in a row: ${what}` };
    }
  }
  return verdict;
}

/** How many acts at the end keep to a rhythm of `round` acts; below two rounds there is no rhythm yet. */
function repeatedTail(acts: readonly Act[], round: number): number {
  let length = 0;
  for (let at = acts.length - 1; at - round >= 0; at -= 1) {
    if (acts[at]?.fingerprint !== acts[at - round]?.fingerprint) break;
    length += 1;
  }
  return length === 0 ? 0 : length + round;
}

function judgeErrors(acts: readonly Act[]): StuckVerdict {
  const last = acts.at(-1)?.error;
  if (last === undefined) return { kind: 'moving' };
  const errors = acts.flatMap((act) => (act.error === undefined ? [] : [act.error]));
  let streak = 0;
  while (streak < errors.length && errors[errors.length - 1 - streak] === last) streak += 1;
  const reason = `the same error came back ${streak} times: ${last.split('\n', 1)[0] ?? ''}`;
  if (streak >= errorsBeforeStop) return { kind: 'stuck', reason };
  return streak === errorsBeforeWarning ? { kind: 'warning', reason } : { kind: 'moving' };
}

/** An error without what differs from time to time (numbers, times, hexadecimal addresses), short enough to compare. */
export function errorFingerprint(tool: string, output: string): string {
  const text = output
    .slice(0, 2000)
    .replaceAll(/0x[0-9a-f]+/gi, '#')
    .replaceAll(/[0-9]+(?:\.[0-9]+)?/g, '#');
  return `${tool}: ${text}`;
}
