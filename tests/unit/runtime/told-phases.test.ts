import { expect, it } from 'vitest';
import type { LifeEvent } from '../../../src/domain/life-event.ts';
import { tellPhases } from '../../../src/runtime/told-phases.ts';

function told() {
  const events: LifeEvent[] = [];
  return { events, phases: tellPhases((event) => events.push(event)) };
}

it('a piece of work is told from its start to its end, and its time is kept', async () => {
  const { events, phases } = told();
  const detail = (n: number) => `${n} files`;
  expect(await phases.during({ phase: 'setup', subject: 'npm ci', detail }, async () => 3)).toBe(3);
  expect(events).toEqual([
    { type: 'phase.started', phase: 'setup', subject: 'npm ci' },
    {
      type: 'phase.finished',
      phase: 'setup',
      ok: true,
      subject: 'npm ci',
      detail: '3 files',
      durationMs: expect.any(Number),
    },
  ]);
  expect(phases.durations).toEqual({ setup: expect.any(Number) });
});

it('work that fails is told as failed, and its error goes on', async () => {
  const { events, phases } = told();
  const failing = phases.during({ phase: 'agent', subject: 'coder' }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(events.at(-1)).toMatchObject({ type: 'phase.finished', phase: 'agent', ok: false, detail: '' });
});

it('what is over when it is known is told at once and counts no time', () => {
  const { events, phases } = told();
  phases.passed('claim', { subject: 'octo/slug#1', detail: 'fence 1' });
  expect(events.map(({ type }) => type)).toEqual(['phase.started', 'phase.finished']);
  expect(phases.durations).toEqual({});
});
