import { describe, expect, test } from 'vitest';
import { takeDelivery } from '../../src/flows/dispatch/take-delivery.ts';
import { forgeOfRun } from '../../src/flows/with-workflow-run.ts';
import { type DispatchScene, dispatchScene } from '../fakes/dispatch-scene.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const signal = new AbortController().signal;

/** Somebody whose job may claim issues of octo/slug says that a workflow run elsewhere works for it, and has it stopped. */
async function stopRunAt(scene: DispatchScene, url: string): Promise<readonly string[]> {
  const issue = await scene.openIssue();
  const workflowRun = { id: 4711, attempt: 1, url };
  const holder = { owner: 'coder/x', runId: 'x', kind: 'agent', reason: '', workflowRun } as const;
  const key = `github/octo/slug/issues/${issue}`;
  const claim = { key, holder, leaseId: 'own', ttlMs: 3_600_000, holderIsDead: async () => false };
  expect((await scene.stores.claims.acquire(claim)).kind).toBe('granted');
  const stop = await scene.comment(issue, '/agent stop');
  const before = scene.github.exchanges.length;
  expect(await takeDelivery(scene.room(), stop, message, signal)).toMatchObject({ what: 'answered' });
  return scene.github.exchanges.slice(before).flatMap(({ path }) => (path.includes('/actions/runs/') ? [path] : []));
}

describe('U7: a run that names a workflow run of another repository as its own', () => {
  test('has nothing cancelled there: the token of the App is not led elsewhere', async () => {
    await using scene = await dispatchScene();
    const asked = await stopRunAt(scene, 'https://github.com/octo/deploys/actions/runs/4711');
    expect(asked).toEqual([expect.stringContaining('/repos/octo/slug/actions/runs/4711/cancel')]);
  });

  test('while that of its own repository is cancelled (benign twin)', async () => {
    await using scene = await dispatchScene();
    const asked = await stopRunAt(scene, 'https://github.com/octo/slug/actions/runs/4711');
    expect(asked).toEqual([expect.stringContaining('/repos/octo/slug/actions/runs/4711/cancel')]);
  });

  test.each([
    ['https://github.com/Octo/agents/actions/runs/7', 'agents'],
    ['https://github.com/octo/slug/actions/runs/7', 'slug'],
    ['https://github.com/octo/deploys/actions/runs/7', 'slug'],
    ['https://github.com/octo/agents/../deploys/actions/runs/7', 'slug'],
    ['', 'slug'],
  ])('%s is looked for in %s, where all runs are carried out in octo/agents', (url, name) => {
    const forge = { repository: { owner: 'octo', name: 'slug' } };
    const runner = { repository: { owner: 'octo', name: 'agents' } };
    expect(forgeOfRun({ forge, runner }, { id: 7, attempt: 1, url }).repository.name).toBe(name);
  });
});
