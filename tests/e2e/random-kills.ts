import { numbersFrom } from '../fakes/seeded-numbers.ts';
import { type KilledRun, runAndKill, type Victim } from './kill-runs.ts';

export interface RandomKills {
  readonly seed: number;
  readonly count: Readonly<Record<Victim, number>>;
  readonly progress: (line: string) => void;
}

export interface KillFigures {
  readonly kills: readonly KilledRun[];
  /** Moments that came after the step was over; each was drawn anew. */
  readonly tooLate: number;
  /** What is not as it must be; empty when all is well. */
  readonly problems: readonly string[];
}

/** Kills each kind of process so many times, at moments drawn from the length of its step. */
export async function killAtRandomMoments({ seed, count, progress }: RandomKills): Promise<KillFigures> {
  const random = numbersFrom(seed);
  const kills: KilledRun[] = [];
  let tooLate = 0;
  for (const victim of Object.keys(count) as Victim[]) {
    if (count[victim] === 0) continue;
    // How long the step takes on this machine, now.
    let span = (await runAndKill({ victim, afterMs: 600_000 })).stepMs;
    for (let done = 0, draws = 0; done < count[victim] && draws < 4 * count[victim]; draws += 1) {
      const run = await runAndKill({ victim, afterMs: Math.round(random() * span) });
      progress(
        `${victim} after ${run.afterMs} of ${span} ms: ${run.killed ? `${run.events} events, ${run.comment}` : 'over'}`,
      );
      if (run.killed) {
        kills.push(run);
        done += 1;
      } else {
        tooLate += 1;
        span = Math.min(span, run.stepMs);
      }
    }
  }
  const missing = Object.values(count).reduce((sum, wanted) => sum + wanted, 0) - kills.length;
  const problems = kills.flatMap(problemsOf);
  return { kills, tooLate, problems: missing === 0 ? problems : [...problems, `${missing} kills came too late`] };
}

/** A gate that is killed while it claims cannot know what it left: there the next run closes and takes over. */
function problemsOf(run: KilledRun): string[] {
  const name = `${run.victim} after ${run.afterMs} ms`;
  const problem = (bad: boolean, text: string) => (bad ? [`${name}: ${text}`] : []);
  const isGate = run.victim === 'gate';
  return [
    ...problem(!run.readable, `${run.eventsSeen} events were seen, ${run.events} can be read`),
    ...problem(run.comment === 'never closed', 'the comment was never closed'),
    ...problem(!isGate && run.comment !== 'closed by the run', `the comment: ${run.comment}`),
    ...problem(!isGate && run.claimAfterKill !== 'free, fence 1', `the claim: ${run.claimAfterKill}`),
    ...problem(run.pullRequestsAfterKill > 1, `${run.pullRequestsAfterKill} pull requests after the kill`),
    ...problem(run.retry !== 'succeeded', `the retry ended ${run.retry}`),
    ...problem(!run.claimInTheEnd.startsWith('free'), `in the end the claim is ${run.claimInTheEnd}`),
    ...problem(run.pullRequests !== 1, `${run.pullRequests} pull requests in the end`),
    ...problem(run.leftRunning.length > 0, `left running: ${run.leftRunning.join('; ')}`),
  ];
}
