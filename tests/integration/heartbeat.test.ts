import { describe, expect, it } from 'vitest';
import { endRuns } from '../bench/heartbeats/ended-runs.ts';
import { runTrials, type TrialName } from '../bench/heartbeats/trials.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';

// The small version of `npm run -s verify -- heartbeat`.
describe('a claim under a heartbeat, in simulated time', () => {
  it.each<[string, TrialName]>([
    ['stays with its holder through an hour that gives no other sign of life', 'toolCall'],
    ['stays with its holder when clocks are set in the middle of the work', 'clockSetAtWork'],
    ['is free after its lease when the holder dies', 'killed'],
    ['is given up before anybody else can have it when its holder is cut off', 'holderCutOff'],
    ['is held twice by nobody when a clock is set forward while the lease runs out', 'clockForward'],
  ])('%s (SQLite)', async (_, name) => {
    const trials = await runTrials('sqlite', name, [1, 2]);
    expect(trials.problems).toEqual([]);
    expect(trials).toMatchObject({ overlaps: 0, falseReclaims: 0 });
    expect(trials.renewals).toBeGreaterThan(0);
  });

  it.each<[string, TrialName]>([
    ['stays with its holder when clocks are set in the middle of the work', 'clockSetAtWork'],
    ['is free after its lease when the holder dies', 'killed'],
  ])('%s (git refs, each with a clock of its own)', async (_, name) => {
    expect(await runTrials('git-refs', name, [1, 2])).toMatchObject({ overlaps: 0, falseReclaims: 0, problems: [] });
  });
});

describe('a claim of a workflow run', () => {
  it('is free as soon as GitHub says that the run is over, for the next asker and with the webhook', async () => {
    const seen = await endRuns(2, drawFrom(1));
    expect(seen).toEqual({ runs: 2, refusedBefore: 4, freedForTheNextAsker: 2, freedByWebhook: 2, problems: [] });
  });
});
