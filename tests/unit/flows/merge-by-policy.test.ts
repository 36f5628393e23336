import { describe, expect, it } from 'vitest';
import { whyNotMergeable } from '../../../src/domain/merge-evidence.ts';
import type { RunResult, SandboxRung } from '../../../src/domain/run-result.ts';
import type { Task } from '../../../src/domain/task.ts';
import { nothingLeftOut } from '../../../src/domain/test-proof.ts';
import { manifestOn, publishScene, readyResult } from '../../fakes/publish-scene.ts';

const proven: Partial<RunResult> = { proof: { room: 'fresh', leftOut: nothingLeftOut } };

interface Scene {
  /** What GitHub says when it is asked and does not want to. */
  readonly refused?: string;
  readonly result?: Partial<RunResult>;
}

async function published(task: Partial<Task>, { refused, result }: Scene = {}) {
  const scene = await publishScene(task);
  if (refused !== undefined) scene.forge.autoMerge = { kind: 'refused', reason: refused };
  const patch = manifestOn(scene.forge, scene.task.base.sha, { 'src/slugify.ts': 'new\n' });
  return { ...scene, report: await scene.publish(readyResult(patch, { ...proven, ...result })) };
}

const failing = { command: 'npm test', exitCode: 1, timedOut: false, durationMs: 9, output: '1 of 9 failed' };
const rung = (name: SandboxRung): Partial<RunResult> => ({ sandbox: { rung: name, description: name } });

describe('who merges', () => {
  it('is a person, where nothing else is said: GitHub is not even asked', async () => {
    const { forge, comment } = await published({});
    expect(forge.toMerge.size).toBe(0);
    expect(forge.calls).not.toContain('POST /graphql');
    expect(comment()).toContain('A person reviews and merges it.');
  });

  it('is GitHub with merge: auto, for the very head that was read back; we merge nothing', async () => {
    const { forge, comment, report } = await published({ merge: 'auto' });
    expect([...forge.toMerge]).toEqual([[2, report.headSha]]);
    expect(forge.pulls[0]).toMatchObject({ state: 'open', merged: false });
    expect(comment()).toContain('GitHub merges it when all that this repository requires is there.');
  });

  it('is a person when GitHub refuses, with GitHub’s words; the run has succeeded all the same', async () => {
    const { report, comment } = await published(
      { merge: 'auto' },
      { refused: 'Pull request is in clean status @octo' },
    );
    expect(report.outcome).toBe('succeeded');
    expect(comment()).toContain('for GitHub does not by itself: Pull request is in clean status `@octo`.');
  });

  it('is a person for a draft', async () => {
    const { forge, comment } = await published({ merge: 'auto', draft: true });
    expect(forge.toMerge.size).toBe(0);
    expect(comment()).toContain('it is a draft (setting: draft)');
  });

  it.each<[string, Partial<RunResult>, string]>([
    ['fails as before', { testsBefore: failing, testsAfter: failing }, 'its tests fail (exit code 1)'],
    [
      'was not checked independently',
      { proof: { room: 'own', why: 'no fresh place', leftOut: nothingLeftOut } },
      'no fresh place',
    ],
    ['ran in a room without commands', rung('landlock'), 'the sandbox (landlock) runs no commands'],
    ['ran without a sandbox', rung('none'), 'without a sandbox'],
  ])('is a person for a change whose proof %s, and the comment says why', async (_what, result, reason) => {
    const { forge, comment, report, logged } = await published({ merge: 'auto' }, { result });
    expect(report.outcome).toBe('succeeded');
    expect(forge.toMerge.size).toBe(0);
    expect(comment()).toContain('A person merges it, for GitHub does not by itself:');
    expect(comment()).toContain(reason);
    expect(logged.join()).toContain(`GitHub is not asked, for`);
  });

  it.each([
    ['says nothing of where its tests ran', 'proof', 'they ran where the agent had worked'],
    ['has no tests', 'testsAfter', 'no test was run on it'],
  ] as const)('is a person for a change that %s', async (_what, lacking, reason) => {
    const scene = await publishScene({ merge: 'auto' });
    const patch = manifestOn(scene.forge, scene.task.base.sha, { 'src/slugify.ts': 'new\n' });
    const { [lacking]: _left, ...result } = readyResult(patch, proven);
    await scene.publish(result);
    expect(scene.forge.toMerge.size).toBe(0);
    expect(scene.comment()).toContain(reason);
  });

  it('is a person for a change that was merged with another one and not tested, or not well, after that', () => {
    const result = readyResult(undefined, proven);
    const passing = { ...failing, exitCode: 0 };
    expect(whyNotMergeable({ result, merged: { tests: passing } })).toBeUndefined();
    expect(whyNotMergeable({ result, merged: { tests: undefined } })).toContain('it was not tested');
    expect(whyNotMergeable({ result, merged: { tests: failing } })).toContain('its tests fail (exit code 1)');
  });
});
