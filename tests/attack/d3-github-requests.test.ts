import { describe, expect, test } from 'vitest';
import { takeDelivery } from '../../src/flows/dispatch/take-delivery.ts';
import { type DispatchScene, dispatchScene } from '../fakes/dispatch-scene.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const signal = new AbortController().signal;

/** How many requests of the hour that all agents share each of these comments takes; by carol, who may not write here. */
async function requestsFor(scene: DispatchScene, issue: number, bodies: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (const body of bodies) {
    // Two words of one second may have come in the wrong order: GitHub is asked then, within bounds.
    scene.clock.advance(1_000);
    const delivery = await scene.comment(issue, body, scene.github.tokens.carol);
    const before = scene.github.exchanges.length;
    await takeDelivery(scene.room(), delivery, message, signal);
    counts.push(scene.github.exchanges.length - before);
  }
  return counts;
}

const many = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at));

describe('D3: a stranger writes comment after comment', () => {
  test('that hold no command: GitHub is asked for the settings once in a minute', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const [first = 0, ...rest] = await requestsFor(
      scene,
      issue,
      many(6, (at) => `so say I, for the ${at}. time`),
    );
    expect(first).toBeGreaterThan(0);
    expect(rest).toEqual([0, 0, 0, 0, 0]);
    scene.clock.advance(61_000);
    expect((await requestsFor(scene, issue, ['and again']))[0]).toBeGreaterThan(0);
  });

  test('while a program puts labels on many issues: those that start no agent cost no request', async () => {
    await using scene = await dispatchScene();
    const counts: number[] = [];
    for (const label of ['stale', 'stale', 'bug', 'agent']) {
      const issue = await scene.openIssue();
      await scene.github.ask('POST', `/repos/octo/slug/issues/${issue}/labels`, { body: { labels: [label] } });
      const before = scene.github.exchanges.length;
      await takeDelivery(scene.room(), scene.lastDelivery('issues'), message, signal);
      counts.push(scene.github.exchanges.length - before);
    }
    expect(counts.map((count) => count > 0)).toEqual([true, false, false, true]);
    expect(scene.started()).toHaveLength(1);
  });

  test('that hold commands: answered five times, then one in two minutes; others are not affected', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const counts = await requestsFor(
      scene,
      issue,
      many(10, (at) => `/agent fix ${at}`),
    );
    expect(counts.slice(0, 5).every((count) => count > 0)).toBe(true);
    expect(counts.slice(5)).toEqual([0, 0, 0, 0, 0]);
    expect(await scene.written(issue)).toHaveLength(1);
    scene.clock.advance(121_000);
    expect((await requestsFor(scene, issue, ['/agent fix']))[0]).toBeGreaterThan(0);

    const permitted = await scene.comment(issue, '/agent fix');
    expect(await takeDelivery(scene.room(), permitted, message, signal)).toMatchObject({ what: 'started' });
  });

  test('below an issue whose text names fifty others that are not there: each is asked for once', async () => {
    await using scene = await dispatchScene();
    const body = many(50, (at) => `Blocked by #${900_000 + at}`).join('\n');
    const token = scene.github.tokens.carol;
    const made = await scene.github.ask('POST', '/repos/octo/slug/issues', { body: { title: 'x', body }, token });
    const [first, ...rest] = await requestsFor(
      scene,
      made.json.number,
      many(4, () => 'hello'),
    );
    expect(first).toBeGreaterThan(50);
    expect(rest).toEqual([0, 0, 0]);
  });

  test('and names new ones each time: a hundred are asked for, then six in a minute', async () => {
    await using scene = await dispatchScene();
    const token = scene.github.tokens.carol;
    let asked = 0;
    for (let turn = 0; turn < 4; turn += 1) {
      const body = many(50, (at) => `Blocked by #${900_000 + turn * 50 + at}`).join('\n');
      const made = await scene.github.ask('POST', '/repos/octo/slug/issues', { body: { title: 'x', body }, token });
      for (const count of await requestsFor(scene, made.json.number, ['hello'])) asked += count;
    }
    expect(asked).toBeLessThan(120);
  });

  test('a command counts all the same, and a phrase that was changed after a minute (benign twins)', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    await requestsFor(scene, issue, ['hello']);
    await scene.github.commit('main', { '.github/entropy.yml': 'trigger-phrase: /robot\n' });
    scene.clock.advance(61_000);
    const help = await scene.comment(issue, '/robot help');
    expect(await takeDelivery(scene.room(), help, message, signal)).toMatchObject({ what: 'answered' });
    const fix = await scene.comment(issue, '/robot fix');
    expect(await takeDelivery(scene.room(), fix, message, signal)).toMatchObject({ what: 'started' });
  });
});
