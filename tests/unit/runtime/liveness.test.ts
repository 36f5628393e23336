import { describe, expect, test } from 'vitest';
import type { ClaimRecord } from '../../../src/domain/claim.ts';
import { createLiveness } from '../../../src/runtime/liveness.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const record: ClaimRecord = {
  schema: 1,
  key: 'github/octo/slug/issues/1',
  state: 'held',
  holder: { owner: 'coder/1', runId: '1', kind: 'agent', reason: '', workflowRun: { id: 7, attempt: 1, url: '' } },
  leaseId: 'l',
  fence: 1,
  acquiredAt: 0,
  expiresAt: 1,
  ttlMs: 1,
};

function scene(answers: (() => Promise<boolean>)[]) {
  const clock = simulatedClock();
  const log: unknown[] = [];
  let asked = 0;
  const ask = () => {
    const answer = answers[asked];
    asked += 1;
    if (answer === undefined) throw new Error('asked once too often');
    return answer();
  };
  const within = createLiveness({ ask, clock, log: (entry) => log.push(entry) });
  return { clock, log, within, asked: () => asked };
}

const alive = async () => false;
const dead = async () => true;

describe("GitHub's word on a run", () => {
  test('is asked for once by all who want it at the same time', async () => {
    const { within, asked } = scene([alive]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => within(5_000)(record)));
    expect(new Set(answers)).toEqual(new Set([false]));
    expect(asked()).toBe(1);
  });

  test('that it lives is believed for as long as the asker says', async () => {
    const { clock, within, asked } = scene([alive, alive]);
    await within(5_000)(record);
    clock.advance(5_000);
    expect(await within(60_000)(record)).toBe(false);
    expect(asked()).toBe(1);
    await within(5_000)(record);
    expect(asked()).toBe(2);
  });

  test('that it has ended stays true', async () => {
    const { clock, within, asked } = scene([dead]);
    await within(1)(record);
    clock.advance(86_400_000);
    expect(await within(1)(record)).toBe(true);
    expect(asked()).toBe(1);
  });

  test('is about one attempt of one run', async () => {
    const { within } = scene([dead, alive]);
    expect(await within(1_000)(record)).toBe(true);
    const workflowRun = { id: 7, attempt: 2, url: '' };
    expect(await within(1_000)({ ...record, holder: { ...record.holder, workflowRun } })).toBe(false);
  });

  test('that does not come, or not in time, is "it lives", and is told in the log', async () => {
    const never = () => new Promise<boolean>(() => undefined);
    const { clock, log, within } = scene([async () => Promise.reject(new Error('no route')), never]);
    expect(await within(1)(record)).toBe(false);
    clock.advance(1);
    const waiting = within(1)(record);
    await expect.poll(() => clock.sleepers()).toBe(1);
    clock.advance(10_000);
    expect(await waiting).toBe(false);
    expect(log).toMatchObject([{ fault: 'no route' }, { fault: 'GitHub took too long' }]);
  });

  test('is asked for so often for one repository, for its jobs say which runs there are', async () => {
    const { clock, within, asked } = scene(Array.from({ length: 502 }, () => alive));
    const of = (key: string, id: number) => ({
      ...record,
      key,
      holder: { ...record.holder, workflowRun: { id, attempt: 1, url: '' } },
    });
    for (let id = 1; id <= 600; id += 1) expect(await within(1)(of(record.key, id))).toBe(false);
    expect(asked()).toBe(500);
    await within(1)(of('github/octo/other/issues/1', 1));
    clock.advance(2_000);
    await within(1)(of('github/octo/slug/issues/2', 601));
    expect(asked()).toBe(502);
  });
});
