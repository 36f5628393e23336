import { describe, expect, it } from 'vitest';
import { actVersion, findAct, installHint } from '../../scripts/install-act.ts';
import { compareActWithRunner } from './act-against-runner.ts';

const act = findAct();
const inCi = process.env['CI'] !== undefined;
if (act === undefined && !inCi) console.warn(`skipped: act ${actVersion} is not here. fix: ${installHint}`);

describe('the shipped workflow on act, a runner that we did not write', () => {
  it.skipIf(act === undefined && !inCi)(
    'makes the same branch, tree, pull request and comment as on our own',
    async () => {
      if (act === undefined) throw new Error(`act ${actVersion} is missing. ${installHint}`);
      const { act: onAct, runner } = await compareActWithRunner(act, () => {});
      expect(onAct).toEqual(runner);
      expect(onAct).toMatchObject({
        branch: 'agent/1/f1-keep-last-word-when-limit-falls',
        title: 'Keep the last word when the limit falls on a separator',
        claim: 'free 1',
        otherPullRequests: 0,
      });
      expect(onAct.body).toContain('Closes #1');
    },
  );
});
