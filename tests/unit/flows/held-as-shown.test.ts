import { expect, it } from 'vitest';
import type { ChangePlan, HeldRecord } from '../../../src/domain/held/plan.ts';
import { shownPlan } from '../../../src/domain/held/plan-name.ts';
import { commentDigest, planHash } from '../../../src/flows/plan-hash.ts';
import { admitted, type HeldScene, heldScene } from '../../fakes/held-scene.ts';

/** Somebody who may push changes what is held; the hash that it has then, as a person would type it. */
function rewritten({ forge }: HeldScene, change: (record: HeldRecord<ChangePlan>) => HeldRecord): string {
  const there = forge.heldTexts.get(1);
  if (there === undefined) throw new Error('nothing is held');
  const record = change(JSON.parse(there.text));
  forge.heldTexts.set(1, { ...there, text: JSON.stringify(record) });
  return shownPlan(planHash(record.plan));
}

const otherReasons = (record: HeldRecord<ChangePlan>): HeldRecord => ({
  ...record,
  plan: { ...record.plan, reasons: [] },
});

it('names a plan in its status while the issue shows it, and as many digits as have to be typed', async () => {
  const scene = await heldScene();
  const said = await scene.say('bob', '/agent status');
  expect(said).toMatchObject({ text: expect.stringContaining(`/agent approve ${scene.plan}`) });
  expect(scene.plan).toHaveLength(24);
  const less = await scene.say('bob', `/agent approve ${scene.plan.slice(0, 23)}`);
  expect(less).toMatchObject({ kind: 'answered', what: 'not-understood' });
  expect(admitted(await scene.say('bob', `/agent approve ${scene.plan}`)).approved?.by).toBe('bob');
});

it('tells nobody the hash of what is held and not shown, whoever asks and however', async () => {
  const scene = await heldScene();
  const forged = rewritten(scene, otherReasons);
  const status = await scene.say('bob', '/agent status');
  expect(status).toMatchObject({ text: expect.stringContaining('nobody can approve') });
  expect(JSON.stringify(status)).not.toContain(forged.slice(0, 12));
  const old = await scene.say('bob', `/agent approve ${scene.plan}`);
  expect(old).toMatchObject({ kind: 'refused', reason: 'plan', text: expect.stringContaining('given up') });
  expect(JSON.stringify(old)).not.toContain(forged.slice(0, 12));
  expect(scene.forge.heldTexts.size).toBe(0);
});

it('is not approved by the hash of what is held and not shown', async () => {
  const scene = await heldScene();
  const forged = rewritten(scene, otherReasons);
  expect(await scene.say('bob', `/agent approve ${forged}`)).toMatchObject({ kind: 'refused', reason: 'plan' });
});

it.each<readonly [string, (record: HeldRecord, scene: HeldScene) => HeldRecord]>([
  ['is none', (record) => ({ ...record, change: 'e'.repeat(40) })],
  [
    'holds another change',
    (record, { forge, task }) => ({ ...record, change: forge.git.commitFiles({ a: 'x\n' }, [task.base.sha]) }),
  ],
])('is not approved when the commit that it names %s', async (_, change) => {
  const scene = await heldScene();
  const before = scene.forge.heldTexts.get(1)?.change ?? '';
  const after: { change?: string } = {};
  rewritten(scene, (record) => {
    const other = change(record, scene);
    after.change = other.change;
    return other;
  });
  const { forge, task } = scene;
  // The comment is edited along with it, so that only the commit itself can tell.
  const text = scene.comment().replace(before, after.change ?? '');
  await forge.updateComment(task.trackingCommentId, text);
  rewritten(scene, (record) => ({ ...record, comment: { ...record.comment, digest: commentDigest(text) } }));
  expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('the commit that the plan links'),
  });
});
