import { describe, expect, test } from 'vitest';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { takeWake } from '../../../../src/flows/dispatch/take-wake.ts';
import { sweepLines } from '../../../../src/flows/sweep/sweep-lines.ts';
import type { QueuedWork } from '../../../../src/ports/task-queue.ts';
import { type DispatchScene, dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { noBounds, sweepRoom } from '../sweep.fixture.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const { signal } = noBounds;
const keyOf = (issue: number) => `github/octo/slug/issues/${issue}`;

async function openIssue(scene: DispatchScene, title: string, body: string): Promise<number> {
  const { json } = await scene.github.ask('POST', '/repos/octo/slug/issues', { body: { title, body } });
  await takeDelivery(scene.room(), scene.lastDelivery('issues'), message, signal);
  return json.number;
}

async function change(scene: DispatchScene, issue: number, to: object): Promise<void> {
  await scene.github.ask('PATCH', `/repos/octo/slug/issues/${issue}`, { body: to });
  await takeDelivery(scene.room(), scene.lastDelivery('issues'), message, signal);
}

async function ask(scene: DispatchScene, issue: number, command = '/agent fix') {
  scene.clock.advance(1_000);
  return takeDelivery(scene.room(), await scene.comment(issue, command), message, signal);
}

/** What one sweep wakes. */
async function swept(scene: DispatchScene): Promise<readonly string[]> {
  const woken: string[] = [];
  const queue = {
    deadLetters: async () => [],
    send: async (work: QueuedWork) => {
      woken.push(work.task);
      return 'sent' as const;
    },
  };
  scene.clock.advance(60_000);
  await sweepLines(sweepRoom(scene, { queue }), noBounds);
  return woken;
}

describe('a request for an issue that waits for other issues', () => {
  test('says so, waits, and starts by itself when the last one is closed', async () => {
    await using scene = await dispatchScene();
    const [one, two] = [await openIssue(scene, 'one', 'A.'), await openIssue(scene, 'two', 'B.')];
    const three = await openIssue(scene, 'three', `Blocked by #${one}, blocked by #${two}`);
    expect(await ask(scene, three)).toMatchObject({ what: 'waiting' });
    expect(await scene.written(three)).toEqual([
      `Waits in line: it is blocked by #${one}, #${two}, still open. It starts by itself, about a minute after the last one is closed or blocks it no longer. \`/agent stop\` leaves the line.`,
    ]);
    await change(scene, one, { state: 'closed' });
    expect(await swept(scene)).toEqual([]);
    expect(await takeWake(scene.room(), { key: keyOf(three) }, message, signal)).toMatchObject({ started: [] });
    expect((await scene.written(three))[0]).toContain(`blocked by #${two}, still open`);

    await change(scene, two, { state: 'closed' });
    expect(await swept(scene)).toEqual([keyOf(three)]);
    expect(await takeWake(scene.room(), { key: keyOf(three) }, message, signal)).toMatchObject({
      started: [keyOf(three)],
    });
    expect((await scene.written(three))[0]).toMatch(/^Waited in line for .*; started\.$/);
    expect(scene.started()).toHaveLength(1);
  });

  test('does not hold up others that wait, and leaves the line with /agent stop', async () => {
    await using scene = await dispatchScene();
    const one = await openIssue(scene, 'one', 'A.');
    const two = await openIssue(scene, 'two', 'B.');
    const three = await openIssue(scene, 'three', `Blocked by #${one}`);
    const four = await openIssue(scene, 'four', `Depends on #${two}`);
    await ask(scene, three);
    await ask(scene, four);
    await change(scene, two, { state: 'closed' });
    expect(await swept(scene)).toEqual([keyOf(four)]);
    expect(await takeWake(scene.room(), { key: keyOf(four) }, message, signal)).toMatchObject({
      started: [keyOf(four)],
    });
    expect(await ask(scene, three, '/agent stop')).toMatchObject({ what: 'answered' });
    expect(await scene.stores.waiting.read(keyOf(three))).toBeUndefined();
  });

  test('goes over to the line of a budget when it is ready and there is no room', async () => {
    await using scene = await dispatchScene();
    await scene.stores.budgets.setCaps('organisation/octo', { runs: 1 }, 'test');
    const one = await openIssue(scene, 'one', 'A.');
    const two = await openIssue(scene, 'two', `Blocked by #${one}`);
    await ask(scene, two);
    await ask(scene, one);
    await change(scene, one, { state: 'closed' });
    expect(await swept(scene)).toEqual([keyOf(two)]);
    await takeWake(scene.room(), { key: keyOf(two) }, message, signal);
    expect(await scene.stores.waiting.read(keyOf(two))).toMatchObject({ line: 'organisation/octo', limit: 'runs' });
    expect((await scene.written(two))[0]).toContain('Number 1 in line');
  });

  test('is planned all the same: only changing code waits', async () => {
    await using scene = await dispatchScene();
    const one = await openIssue(scene, 'one', 'A.');
    const two = await openIssue(scene, 'two', `Blocked by #${one}`);
    expect(await ask(scene, two, '/agent plan')).toMatchObject({ what: 'started' });
  });
});
