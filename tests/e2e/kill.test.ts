import { describe, expect, it } from 'vitest';
import { killAtRandomMoments } from './random-kills.ts';

/** A few of the kills that `npm run verify -- kill` makes, at moments of their own. */
describe('kill -9 while an issue is worked on', () => {
  it.each([
    { victim: 'worker', count: { worker: 2, agent: 0, publish: 0, gate: 0 } },
    { victim: 'agent', count: { worker: 0, agent: 2, publish: 0, gate: 0 } },
    { victim: 'publish', count: { worker: 0, agent: 0, publish: 2, gate: 0 } },
    { victim: 'gate', count: { worker: 0, agent: 0, publish: 0, gate: 2 } },
  ])(
    'of the $victim process leaves a readable trajectory, closed ends, and one pull request after a retry',
    async ({ count }) => {
      const { problems, kills } = await killAtRandomMoments({ seed: 7, count, progress: () => {} });
      expect(problems).toEqual([]);
      expect(kills).toHaveLength(2);
    },
  );
});
