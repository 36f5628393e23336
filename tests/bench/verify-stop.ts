import type { Figure } from './figure.ts';
import { type StoppedRun, stopOnGitHub } from './stop/stop-on-github.ts';
import { stopOnMachine } from './stop/stop-on-machine.ts';

const limitMs = 10_000;

/**
 * `/agent stop` in the middle of a command, on the embedded GitHub in both forms of the workflow, and Ctrl-C of `entropy-playground
 * run`: how long until the agent's processes are gone, and until the work in progress is saved and its comment says where. Then
 * `/agent retry` hands in what the stopped run had done, with its own. `--quick`: once each, the retry in one form alone.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const rounds = quick ? 1 : 3;
  const problems: string[] = [];
  const stopped: Record<string, StoppedRun[]> = { 'one-step': [], 'three-jobs': [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const form of ['one-step', 'three-jobs'] as const) {
      const run = await stopOnGitHub(form, quick ? form === 'three-jobs' : true);
      progress(`${form}: gone after ${run.goneMs} ms, saved and told after ${run.savedMs} ms`);
      stopped[form]?.push(run);
      problems.push(...run.problems.map((problem) => `${form}: ${problem}`));
    }
  }
  const interrupted = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = await stopOnMachine();
    progress(`on this machine: ended and saved after ${run.endedMs} ms`);
    interrupted.push(run.endedMs);
    problems.push(...run.problems.map((problem) => `on this machine: ${problem}`));
  }
  const worst = (of: (run: StoppedRun) => number, form: string): number =>
    Math.max(...(stopped[form] ?? []).map((run) => of(run)));
  const figures = {
    oneStepGoneMs: worst(({ goneMs }) => goneMs, 'one-step'),
    oneStepAnsweredMs: worst(({ answeredMs }) => answeredMs, 'one-step'),
    oneStepSavedMs: worst(({ savedMs }) => savedMs, 'one-step'),
    threeJobsGoneMs: worst(({ goneMs }) => goneMs, 'three-jobs'),
    threeJobsAnsweredMs: worst(({ answeredMs }) => answeredMs, 'three-jobs'),
    threeJobsSavedMs: worst(({ savedMs }) => savedMs, 'three-jobs'),
    machineSavedMs: Math.max(...interrupted),
  };
  const late = Object.entries(figures).filter(([, ms]) => ms > limitMs);
  return {
    kind: 'measured',
    ok: late.length === 0 && problems.length === 0,
    figures: { ...figures, rounds, problems },
    limits: { everyMs: limitMs, problems: 0 },
  };
};
