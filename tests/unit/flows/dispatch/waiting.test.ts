import { describe, expect, test } from 'vitest';
import { nothing } from '../../../../src/domain/coordination/amounts.ts';
import { quotas } from '../../../../src/domain/coordination/quotas.ts';
import { requestNames } from '../../../../src/domain/dispatch/request-names.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import { endDispatched } from '../../../../src/flows/dispatch/end-dispatched.ts';
import { leaveLine } from '../../../../src/flows/dispatch/leave-line.ts';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { takeWake } from '../../../../src/flows/dispatch/take-wake.ts';
import { sweepLines } from '../../../../src/flows/sweep/sweep-lines.ts';
import { type DispatchScene, dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { noBounds, sweepRoom } from '../sweep.fixture.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const signal = new AbortController().signal;
const line = 'organisation/octo';

async function sceneWithRoomForOne(): Promise<DispatchScene> {
  const scene = await dispatchScene();
  await scene.stores.budgets.setCaps(line, { runs: 1 }, 'test');
  return scene;
}

async function ask(scene: DispatchScene, issue: number, command = '/agent fix') {
  scene.clock.advance(1_000);
  const delivery = await scene.comment(issue, command);
  return { delivery, taken: await takeDelivery(scene.room(), delivery, message, signal) };
}

async function endRun(scene: DispatchScene, runId: string): Promise<void> {
  const run = await scene.stores.runs.read(runId);
  if (run === undefined) throw new Error('no such run');
  const room = scene.room();
  await endDispatched({ ...room, forgeOf: (place) => room.connect(place).forge }, run, { reason: 'Done.', next: '' });
}

/** A label, and the delivery that tells the books of it. */
async function label(scene: DispatchScene, issue: number, name: string): Promise<void> {
  await scene.github.ask('POST', `/repos/octo/slug/issues/${issue}/labels`, { body: { labels: [name] } });
  await takeDelivery(scene.room(), scene.lastDelivery('issues'), message, signal);
}

const keyOf = (issue: number) => `github/octo/slug/issues/${issue}`;

describe('a request without room in a budget that others give back', () => {
  test('waits in order, says so, and starts by itself when the first has ended', async () => {
    await using scene = await sceneWithRoomForOne();
    const issues = [await scene.openIssue('one'), await scene.openIssue('two'), await scene.openIssue('three')];
    const [one = 0, two = 0, three = 0] = issues;
    const first = await ask(scene, one);
    expect(first.taken).toMatchObject({ what: 'started' });
    expect((await ask(scene, two)).taken).toMatchObject({ what: 'waiting' });
    expect((await ask(scene, three)).taken).toMatchObject({ what: 'waiting' });
    expect(await scene.written(two)).toEqual([
      'Waits in line: `organisation/octo` allows 1 run at a time. Number 1 in line; it starts by itself when there is room. `/agent stop` leaves the line.',
    ]);
    expect((await scene.written(three))[0]).toContain('Number 2 in line');

    expect(await takeWake(scene.room(), { key: keyOf(two) }, message, signal)).toEqual({
      kind: 'woken',
      started: [],
      left: [],
    });
    await endRun(scene, requestNames(first.delivery, 0).runId);
    scene.clock.advance(60_000);
    expect(await takeWake(scene.room(), { key: keyOf(two) }, message, signal)).toMatchObject({ started: [keyOf(two)] });
    expect(scene.started()).toHaveLength(2);
    expect(await scene.written(two)).toEqual([
      expect.stringMatching(/^Waited in line for 1m \d+s; started\.$/),
      expect.stringContaining('coder is working on this'),
    ]);
    expect((await scene.written(three))[0]).toContain('Number 1 in line');
    expect(await scene.stores.budgets.read(line)).toMatchObject({ runs: 1 });
  });

  test('is said to have left the line before it has, so that who dies in between leaves nobody waiting', async () => {
    await using scene = await sceneWithRoomForOne();
    await ask(scene, await scene.openIssue('one'));
    const two = await scene.openIssue('two');
    await ask(scene, two);
    const died = new Error('killed');
    const waiting = { ...scene.stores.waiting, leave: async () => Promise.reject(died) };
    const room = scene.room({ waiting });
    await expect(leaveLine(room, keyOf(two), 'the issue was closed')).rejects.toBe(died);
    expect((await scene.written(two))[0]).not.toContain('Waits in line');
    expect(await leaveLine(scene.room(), keyOf(two), 'the issue was closed')).toBe(true);
  });

  test('is not overtaken by a newcomer, also while there is room', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two, three] = [
      await scene.openIssue('one'),
      await scene.openIssue('two'),
      await scene.openIssue('three'),
    ];
    const first = await ask(scene, one);
    await ask(scene, two);
    await endRun(scene, requestNames(first.delivery, 0).runId);
    expect((await ask(scene, three)).taken).toMatchObject({ what: 'waiting' });
    expect((await scene.written(three))[0]).toContain('Number 2 in line');
    await takeWake(scene.room(), { key: keyOf(three) }, message, signal);
    expect(scene.started()).toHaveLength(2);
    expect(await scene.stores.claims.read(keyOf(two))).toMatchObject({ state: 'held' });
  });

  test('leaves the line with /agent stop, and when its issue is closed', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two, three] = [
      await scene.openIssue('one'),
      await scene.openIssue('two'),
      await scene.openIssue('three'),
    ];
    await ask(scene, one);
    await ask(scene, two);
    await ask(scene, three);
    expect((await ask(scene, two, '/agent stop')).taken).toMatchObject({
      what: 'answered',
      text: 'Left the line: nothing will be started. `/agent fix` asks again.',
    });
    expect(await scene.stores.waiting.read(keyOf(two))).toBeUndefined();
    expect((await scene.written(two))[0]).toBe('Left the line: stopped by alice. `/agent fix` asks again.');

    await scene.github.ask('PATCH', `/repos/octo/slug/issues/${three}`, { body: { state: 'closed' } });
    await takeDelivery(scene.room(), scene.lastDelivery('issues'), message, signal);
    expect(await scene.stores.waiting.line(line, 9)).toEqual([]);
    expect((await scene.written(three))[0]).toBe('Left the line: the issue was closed. `/agent fix` asks again.');
  });

  test('keeps its place when it is asked for again, and only the newer request counts', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two, three] = [
      await scene.openIssue('one'),
      await scene.openIssue('two'),
      await scene.openIssue('three'),
    ];
    await ask(scene, one);
    await ask(scene, two);
    await ask(scene, three);
    const again = await ask(scene, two, '/agent fix --model other');
    expect(again.taken).toMatchObject({ what: 'waiting' });
    expect(await scene.written(two)).toEqual([
      'Asked for again: the newer request keeps the place in line.',
      expect.stringContaining('Number 1 in line'),
    ]);
    expect((await scene.stores.waiting.line(line, 9)).map(({ key }) => key)).toEqual([keyOf(two), keyOf(three)]);
  });

  test('is told and leaves when it may not be started any more', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two] = [await scene.openIssue('one'), await scene.openIssue('two')];
    const first = await ask(scene, one);
    await ask(scene, two);
    await scene.github.ask('PATCH', `/repos/octo/slug/issues/${two}`, { body: { body: 'Something else.' } });
    await endRun(scene, requestNames(first.delivery, 0).runId);
    expect(await takeWake(scene.room(), { key: keyOf(two) }, message, signal)).toMatchObject({ left: [keyOf(two)] });
    expect(await scene.written(two)).toEqual([
      expect.stringContaining('Left the line'),
      expect.stringContaining('was changed after the command'),
    ]);
  });

  test('leaves when it cannot be started, with the reason as a quotation: nobody is notified, nothing closed by it', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two] = [await scene.openIssue('one'), await scene.openIssue('two')];
    const first = await ask(scene, one);
    await ask(scene, two);
    await endRun(scene, requestNames(first.delivery, 0).runId);
    const said = 'GitHub said "@octo/everyone fixes #1 `x`"';
    const settingsFrom = async () => {
      throw new EntropyError({ code: 'E200', message: said, fix: 'none' });
    };
    await takeWake(scene.room({ settingsFrom }), { key: keyOf(two) }, message, signal);
    expect(await scene.written(two)).toEqual([
      expect.stringMatching(/Left the line: [^`]*``? ?E200: [^\n]*@octo[^\n]*`\)/),
    ]);
  });

  test('waits for nothing when one run alone is more than the limit allows', async () => {
    await using scene = await dispatchScene();
    await scene.stores.budgets.setCaps(`${line}/day`, { microUsd: 1 }, 'test');
    const issue = await scene.openIssue();
    expect((await ask(scene, issue)).taken).toMatchObject({ what: 'refused' });
    expect(await scene.stores.waiting.read(keyOf(issue))).toBeUndefined();
  });

  test('rests until tomorrow when today has too little left for it; who needs less starts, and it comes first then', async () => {
    await using scene = await dispatchScene();
    const { claims, budgets } = scene.stores;
    const usd = 1_000_000;
    await budgets.setCaps(`${line}/day`, { microUsd: 3 * usd }, 'test');
    const today = `${line}/day/${new Date(scene.clock.now()).toISOString().slice(0, 10)}`;
    const earlier = await claims.acquire({
      key: 'github/octo/other/issues/1',
      holder: { owner: 'x', runId: 'x', kind: 'agent', reason: '' },
      leaseId: 'x',
      ttlMs: 60_000,
      reserve: { draws: [{ key: today, caps: {} }], amounts: { ...nothing, microUsd: 1.5 * usd } },
      holderIsDead: async () => false,
    });
    if (earlier.kind !== 'granted') throw new Error(earlier.kind);
    await claims.release(earlier.lease, { ...nothing, microUsd: 1.5 * usd });
    const [large, small] = [await scene.openIssue('large'), await scene.openIssue('small')];
    expect((await ask(scene, large, '/agent fix --budget 2usd')).taken).toMatchObject({ what: 'waiting' });
    expect((await scene.written(large))[0]).toContain('Until then others may start that still fit into today');
    expect((await ask(scene, small, '/agent fix --budget 0.5usd')).taken).toMatchObject({ what: 'started' });
    expect(await sweepLines(sweepRoom(scene), { signal, isTimeUp: () => false })).toMatchObject({
      waiting: 1,
      woken: 0,
    });

    scene.clock.advance(24 * 60 * 60_000);
    const third = await scene.openIssue('third');
    expect((await ask(scene, third, '/agent fix --budget 0.5usd')).taken).toMatchObject({ what: 'waiting' });
    const woken = await takeWake(scene.room(), { key: keyOf(third) }, message, signal);
    expect(woken).toMatchObject({ started: [keyOf(large), keyOf(third)] });
  });

  test('is not taken into a line that is too long, and told so; others have their places there', async () => {
    await using scene = await sceneWithRoomForOne();
    await ask(scene, await scene.openIssue('one'));
    const delivery = await scene.comment(await scene.openIssue('two'), '/agent fix');
    const stand = async (repository: string, from: number, to: number): Promise<void> => {
      for (let issue = from; issue < to; issue += 1) {
        const key = `github/octo/${repository}/issues/${issue}`;
        await scene.stores.waiting.join({ key, line, limit: 'runs', needs: 1, since: issue, asked: delivery });
      }
    };
    await stand('slug', 1_000, 1_000 + quotas.lineOfRepository - 1);
    await stand('other', 2_000, 2_050);
    const [last, refused] = [await scene.openIssue('last'), await scene.openIssue('refused')];
    expect((await ask(scene, last)).taken).toMatchObject({ what: 'waiting' });
    expect((await ask(scene, refused)).taken).toMatchObject({ what: 'refused' });
    expect(await scene.stores.waiting.read(keyOf(refused))).toBeUndefined();
    expect((await scene.written(refused))[0]).toMatch(
      /^Not taken into the line \(E730\): .*100 of one repository or 500/,
    );
    // Whoever stands there keeps the place when asking again.
    expect((await ask(scene, last)).taken).toMatchObject({ what: 'waiting' });
  });

  test('goes before those that are less urgent, and the others hear their new numbers', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two, three, four] = [
      await scene.openIssue('one'),
      await scene.openIssue('two'),
      await scene.openIssue('three'),
      await scene.openIssue('four'),
    ];
    const first = await ask(scene, one);
    await ask(scene, two);
    await ask(scene, three);
    await label(scene, four, 'P0');
    expect((await ask(scene, four)).taken).toMatchObject({ what: 'waiting' });
    expect((await scene.written(four))[0]).toContain('Number 1 in line (priority 0); it starts');
    expect((await scene.written(two))[0]).toContain('Number 2 in line; it starts');
    expect((await scene.written(three))[0]).toContain('Number 3 in line; it starts');
    await endRun(scene, requestNames(first.delivery, 0).runId);
    await takeWake(scene.room(), { key: keyOf(two) }, message, signal);
    expect(await scene.stores.claims.read(keyOf(four))).toMatchObject({ state: 'held' });
  });

  test('tries at once when it is more urgent than all that wait while there is room', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two, three] = [
      await scene.openIssue('one'),
      await scene.openIssue('two'),
      await scene.openIssue('three'),
    ];
    const first = await ask(scene, one);
    await ask(scene, two);
    await endRun(scene, requestNames(first.delivery, 0).runId);
    await label(scene, three, 'priority:1');
    expect((await ask(scene, three)).taken).toMatchObject({ what: 'started' });
    expect((await scene.written(two))[0]).toContain('Number 1 in line');
  });

  test('moves in the line when its priority is told later', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two, three] = [
      await scene.openIssue('one'),
      await scene.openIssue('two'),
      await scene.openIssue('three'),
    ];
    await ask(scene, one);
    await ask(scene, two);
    await ask(scene, three);
    await label(scene, three, 'P1');
    await sweepLines(sweepRoom(scene), noBounds);
    expect((await scene.stores.waiting.line(line, 9)).map(({ key }) => key)).toEqual([keyOf(three), keyOf(two)]);
    expect((await scene.written(three))[0]).toContain('Number 1 in line');
    expect((await scene.written(two))[0]).toContain('Number 2 in line');
  });

  test('is woken once by two who wake it at the same moment', async () => {
    await using scene = await sceneWithRoomForOne();
    const [one, two] = [await scene.openIssue('one'), await scene.openIssue('two')];
    const first = await ask(scene, one);
    await ask(scene, two);
    await endRun(scene, requestNames(first.delivery, 0).runId);
    const woken = await Promise.all([1, 2, 3].map(() => takeWake(scene.room(), { key: keyOf(two) }, message, signal)));
    expect(woken.filter(({ kind }) => kind === 'woken')).toHaveLength(1);
    expect(woken.filter(({ kind }) => kind === 'later')).toHaveLength(2);
    expect(scene.started()).toHaveLength(2);
  });
});
