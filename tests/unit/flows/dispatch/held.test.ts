import { expect, test } from 'vitest';
import type { HeldRecord, Plan } from '../../../../src/domain/held/plan.ts';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { readyResult } from '../../../fakes/publish-scene.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const sha = 'a'.repeat(40);

function recordOf(issue: number): HeldRecord {
  const { patch: _patch, ...result } = readyResult(undefined);
  const plan: Plan = {
    schema: 1,
    kind: 'change',
    repository: 'octo/slug',
    issue,
    runId: '01JD',
    fence: 1,
    role: 'coder',
    askedBy: 'alice',
    base: { branch: 'main', sha },
    patch: { schema: 1, base: { sha, treeSha: sha }, treeSha: sha, files: [{ change: 'deleted', path: 'a' }] },
    reasons: [],
    result,
    expiresAt: 0,
  };
  return { schema: 1, plan, change: sha, comment: { id: 4711, digest: 'd'.repeat(64) } };
}

test('nothing stays held for an issue that is closed, and what is held for others stays', async () => {
  await using scene = await dispatchScene();
  const { forge } = scene.room().connect({ owner: 'octo', name: 'slug' });
  const change = (await forge.branchHead('main')) ?? '';
  const [one, two] = [await scene.openIssue('one'), await scene.openIssue('two')];
  for (const issue of [one, two]) await forge.held.write(issue, { change, text: JSON.stringify(recordOf(issue)) });
  await scene.github.ask('PATCH', `/repos/octo/slug/issues/${one}`, { body: { state: 'closed' } });
  const closed = scene.lastDelivery('issues');
  expect(await takeDelivery(scene.room(), closed, message, AbortSignal.timeout(20_000))).toMatchObject({
    kind: 'done',
  });
  expect(await forge.held.issues()).toEqual([two]);
});
