import { expect, it } from 'vitest';
import { defaultPatchPolicy } from '../../../src/domain/patch-policy.ts';
import { Killed } from '../../fakes/fake-forge.ts';
import { admitted, heldScene } from '../../fakes/held-scene.ts';
import { manifestOn, type PublishScene, publishScene, readyResult } from '../../fakes/publish-scene.ts';

const change = { 'src/slugify.ts': 'new\n', 'src/image.bin': Buffer.from([0, 255]) };
const moments = ['before', 'after'] as const;

/** Killed at one call, then run again to its end; false when it was through before that call. */
async function killedAt(
  { forge }: PublishScene,
  { call, when }: { readonly call: number; readonly when: (typeof moments)[number] },
  run: () => Promise<unknown>,
): Promise<boolean> {
  forge.dieOn = { call: forge.calls.length + call, when };
  const end = await run().catch((error: unknown) => error);
  forge.dieOn = undefined;
  if (end instanceof Killed) await run();
  return end instanceof Killed;
}

it('holds once, and so that it can be approved, wherever the publisher was killed', async () => {
  let call = 1;
  for (let more = true; more; call += 1) {
    for (const when of moments) {
      const scene = await publishScene({ patchPolicy: { ...defaultPatchPolicy, reviewPaths: ['src/**'] } });
      const result = readyResult(manifestOn(scene.forge, scene.task.base.sha, change));
      more = await killedAt(scene, { call, when }, () => scene.publish(result));
      expect(scene.forge.heldTexts.size).toBe(1);
      expect([...scene.forge.git.branches.keys()]).toEqual(['main']);
      const shown = /approve ([0-9a-f]{24})`/.exec(scene.comment())?.[1] ?? 'none';
      const { plan } = JSON.parse(scene.forge.heldTexts.get(1)?.text ?? '');
      expect(plan.patch.files).toHaveLength(2);
      expect(shown).toMatch(/^[0-9a-f]{24}$/);
    }
  }
  expect(call).toBeGreaterThan(10);
});

it('publishes what was approved once, wherever the publisher was killed', async () => {
  let call = 1;
  for (let more = true; more; call += 1) {
    for (const when of moments) {
      const scene = await heldScene(change);
      const { forge } = scene;
      const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
      more = await killedAt(scene, { call, when }, () => scene.publishApproved(task));
      expect(forge.pulls).toHaveLength(1);
      expect(forge.git.branches.size).toBe(2);
      expect(forge.heldTexts.size).toBe(0);
      const own = forge.allComments.find(({ snapshot }) => snapshot.id === task.trackingCommentId);
      expect(own?.snapshot.body).toContain('coder opened #2');
      expect(scene.comment()).toContain('published as #2');
    }
  }
  expect(call).toBeGreaterThan(15);
});
