import { killAtRandomMoments } from '../e2e/random-kills.ts';
import type { Figure } from './figure.ts';

const seed = 20_261_121;

/**
 * Kill −9 of the agent (the process with the key, and the worker) at 20 random moments, and of the jobs before and after
 * it: the trajectory stays readable, comment and claim are closed, and a retry opens the one and only pull request.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const count = quick ? { worker: 2, agent: 2, publish: 1, gate: 1 } : { worker: 10, agent: 10, publish: 6, gate: 4 };
  const { kills, tooLate, problems } = await killAtRandomMoments({ seed, count, progress });
  const agentKills = kills.filter(({ victim }) => victim === 'worker' || victim === 'agent');
  const times = (comment: string) => kills.filter((run) => run.comment === comment).length;
  return {
    kind: 'measured',
    ok: problems.length === 0,
    figures: {
      seed,
      killsOfAgent: agentKills.length,
      killsOfPublish: kills.filter(({ victim }) => victim === 'publish').length,
      killsOfGate: kills.filter(({ victim }) => victim === 'gate').length,
      tooLate,
      readable: kills.filter(({ readable }) => readable).length,
      closedByTheRun: times('closed by the run'),
      closedByTheNextRun: times('closed by the next run'),
      neverClosed: times('never closed'),
      duplicatePullRequests: kills.filter(({ pullRequests }) => pullRequests > 1).length,
      retriesSucceeded: kills.filter(({ retry }) => retry === 'succeeded').length,
      leftRunning: kills.flatMap(({ leftRunning }) => leftRunning).length,
      eventsRead: agentKills.map(({ events }) => events),
      problems,
    },
    limits: { killsOfAgent: quick ? 4 : 20, problems: 0, neverClosed: 0, duplicatePullRequests: 0 },
  };
};
