import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ActivityEvent } from '../../../src/domain/coordination/activity.ts';
import { requestNames } from '../../../src/domain/dispatch/request-names.ts';
import { marker } from '../../../src/domain/markers.ts';
import { judgeNames } from '../../bench/chaos/judge-names.ts';
import { sampleRun } from '../../fakes/coordination-samples.ts';

const sha256 = createHash('sha256').update('a body').digest('hex');
const named = (receivedAt: number) => requestNames({ receivedAt, bodySha256: sha256 }, 0);
const opened = (receivedAt: number, leaseAt = receivedAt): ActivityEvent => {
  const run = { ...sampleRun(named(receivedAt).runId, { leaseId: named(leaseAt).leaseId }), version: 1 };
  return { seq: 1, at: 1, actor: 'x', change: { type: 'run.opened', run } };
};
const commented = (receivedAt: number, author = 'agents[bot]', op = 'tracking') => {
  const run = op === 'tracking' ? named(receivedAt).runId : '0';
  const body = `${marker({ issue: 1, fence: 0, run, op })}\ntext`;
  return { repository: 'octo/slug', number: 1, comments: [{ id: 1, body, user: { login: author } }] };
};
const judge = (events: readonly ActivityEvent[], issues: Parameters<typeof judgeNames>[1]['issues'] = []) =>
  judgeNames([{ sha256 }], { events, issues });

describe('the names of a request', () => {
  test('are right when every try called it the same, or anew after it was given up', () => {
    expect(judge([opened(5_000), opened(5_000)], [commented(5_000)])).toEqual([]);
    expect(judge([opened(5_000), opened(5_001)])).toEqual([]);
    expect(judge([], [])).toEqual([]);
  });

  test('are told when two tries called it by two moments, wherever these were written', () => {
    const found = [expect.stringContaining('was called by 2 moments')];
    expect(judge([opened(5_000), opened(90_000)])).toEqual(found);
    expect(judge([opened(5_000, 90_000)])).toEqual(found);
    expect(judge([opened(5_000)], [commented(90_000)])).toEqual(found);
    const op = `refusal-to-request-${named(90_000).runId.toLowerCase()}`;
    expect(judge([opened(5_000)], [commented(0, 'agents[bot]', op)])).toEqual(found);
    // Anybody may copy a marker.
    expect(judge([opened(5_000)], [commented(90_000, 'mallory')])).toEqual([]);
  });
});
