import { describe, expect, it } from 'vitest';
import { publishPatch } from '../../../src/flows/publish-patch.ts';
import type { Unheard } from '../../../src/flows/publish-run.ts';
import { blobSha } from '../../fakes/git-objects.ts';
import { type PublishScene, publishScene } from '../../fakes/publish-scene.ts';

function endOf(scene: PublishScene, unheard?: Unheard, scan: () => Promise<[]> = async () => []) {
  const { forge, claims, clock, task } = scene;
  const publisher = { forge, claims, clock, scanner: { scan }, blobId: blobSha, dryRun: false, log: () => {} };
  const request = { task, result: undefined, ...(unheard === undefined ? {} : { unheard }) };
  return publishPatch(publisher, request, AbortSignal.timeout(20_000));
}

describe('an agent that left no result', () => {
  it('is told as what stopped it, with the way out that it named', async () => {
    const scene = await publishScene();
    const fault = { code: 'E301', message: 'there is no key for the model', fix: 'set ANTHROPIC_API_KEY' } as const;
    const report = await endOf(scene, { fault, job: 'failure' });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'E301' } });
    expect(scene.comment()).toMatch(/coder failed[\s\S]*E301: there is no key[\s\S]*ANTHROPIC\\?_API\\?_KEY/);
  });

  it('was stopped when its job was cancelled', async () => {
    const scene = await publishScene();
    expect(await endOf(scene, { job: 'cancelled' })).toMatchObject({ outcome: 'cancelled' });
    expect(scene.comment()).toContain('coder was stopped');
  });

  it('was killed when nobody says anything', async () => {
    const scene = await publishScene();
    expect(await endOf(scene)).toMatchObject({ outcome: 'failed', error: { code: 'E603' } });
    expect(scene.comment()).toContain('it was killed, or it lost its runner');
  });

  it('cannot make the comment mention people or close issues', async () => {
    const scene = await publishScene();
    await endOf(scene, { fault: { code: 'E404', message: '@everyone fixes #7', fix: 'ask @bob' } });
    expect(scene.comment()).not.toMatch(/(^|\s)@(everyone|bob)/);
    expect(scene.comment()).not.toMatch(/fixes #7/);
  });

  it('is not told by a run that no longer holds the claim', async () => {
    const scene = await publishScene();
    await scene.claims.release(scene.task.lease);
    expect(await endOf(scene, { job: 'failure' })).toMatchObject({ outcome: 'cancelled', error: { code: 'E701' } });
  });
});
