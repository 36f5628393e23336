import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/domain/task.ts';
import { manifestOn, publishScene, readyResult } from '../../fakes/publish-scene.ts';

async function published(task: Partial<Task>, refused?: string) {
  const scene = await publishScene(task);
  if (refused !== undefined) scene.forge.autoMerge = { kind: 'refused', reason: refused };
  const patch = manifestOn(scene.forge, scene.task.base.sha, { 'src/slugify.ts': 'new\n' });
  return { ...scene, report: await scene.publish(readyResult(patch)) };
}

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
    const { report, comment } = await published({ merge: 'auto' }, 'Pull request is in clean status @octo');
    expect(report.outcome).toBe('succeeded');
    expect(comment()).toContain('for GitHub does not by itself: Pull request is in clean status `@octo`.');
  });

  it('is a person for a draft', async () => {
    const { forge, comment } = await published({ merge: 'auto', draft: true });
    expect(forge.toMerge.size).toBe(0);
    expect(comment()).toContain('it is a draft (setting: draft)');
  });
});
