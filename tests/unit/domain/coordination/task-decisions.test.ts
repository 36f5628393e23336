import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimRecord, decideAcquire, leaseOf } from '../../../../src/domain/claim.ts';
import { applyTaskChange } from '../../../../src/domain/coordination/task-changes.ts';
import {
  decideMirror,
  decideTaskChange,
  type TaskRequest,
} from '../../../../src/domain/coordination/task-decisions.ts';
import { isAtWork, taskMoves } from '../../../../src/domain/coordination/task-moves.ts';
import { mirroredPriority } from '../../../../src/domain/coordination/task-priority.ts';
import {
  type MirroredIssue,
  maxAttempts,
  type TaskRecord,
  taskStates,
} from '../../../../src/domain/coordination/task-record.ts';
import { sampleIssue, sampleKey } from '../../../fakes/coordination-samples.ts';

function mirrored(task: TaskRecord | undefined, issue: MirroredIssue): TaskRecord {
  const decision = decideMirror(task, issue);
  expect(decision.changes.reduce<TaskRecord | undefined>(applyTaskChange, task)).toEqual(decision.task);
  return decision.task;
}

function task(more: Partial<TaskRecord> = {}): TaskRecord {
  return { ...mirrored(undefined, sampleIssue(1)), ...more };
}

function held(key = sampleKey(1)): ClaimRecord {
  const holder = { owner: 'coder/a', runId: 'a', kind: 'agent' as const, reason: 'issue' };
  const granted = decideAcquire(undefined, { key, holder, leaseId: 'a', ttlMs: 1_000, now: 0, holderIsDead: false });
  return granted.record;
}

const claim = held();
const lease = leaseOf(claim);

function move(from: TaskRecord, request: TaskRequest): TaskRecord {
  const decision = decideTaskChange(from, { lease, ...request }, claim);
  if (decision.kind !== 'changed') throw new Error(decision.kind);
  return decision.task;
}

describe('mirroring an issue', () => {
  it('makes an open task of an open issue, and a done one of a closed issue', () => {
    expect(mirrored(undefined, sampleIssue(1))).toMatchObject({ key: 'github/octo/slug/issues/1', state: 'open' });
    const closed = mirrored(undefined, sampleIssue(2, { kind: 'pull', forgeState: 'closed' }));
    expect(closed).toMatchObject({ key: 'github/octo/slug/pulls/2', state: 'done', progress: 1 });
  });

  it('takes over nothing that is older, and nothing that it knows already', () => {
    const known = task();
    expect(decideMirror(known, sampleIssue(1, { updatedAt: 1_999, title: 'Old' }))).toEqual({
      task: known,
      changes: [],
    });
    expect(decideMirror(known, sampleIssue(1))).toEqual({ task: known, changes: [] });
    expect(mirrored(known, sampleIssue(1, { title: 'Same second, other title' }))).toMatchObject({ version: 2 });
  });

  it('closes from whatever state, and reopens what was closed with its attempts at zero', () => {
    for (const state of taskStates) {
      const closed = mirrored(task({ state, attempts: 2 }), sampleIssue(1, { forgeState: 'closed', updatedAt: 3_000 }));
      expect(closed.state).toBe('done');
      const reopened = mirrored(closed, sampleIssue(1, { updatedAt: 4_000 }));
      expect(reopened).toMatchObject({ state: 'open', attempts: 0, progress: 0 });
    }
  });

  it('leaves a task done whose issue GitHub has not closed yet', () => {
    const done = task({ state: 'done' });
    expect(mirrored(done, sampleIssue(1, { comments: 1, updatedAt: 3_000 })).state).toBe('done');
  });

  it('reads priority from labels, and keeps what a person set while no label said anything', () => {
    expect(mirroredPriority(['bug'], undefined)).toBe(2);
    expect(mirroredPriority(['Priority: 3', 'P1'], undefined)).toBe(1);
    expect(mirroredPriority(['priority:0'], undefined)).toBe(0);
    expect(mirroredPriority(['p5', 'pi', 'priority:high'], undefined)).toBe(2);
    expect(mirroredPriority([], { labels: [], priority: 4 })).toBe(4);
    expect(mirroredPriority([], { labels: ['P0'], priority: 0 })).toBe(2);
  });
});

describe('changing a task', () => {
  it('follows the table whatever is asked, in any order', () => {
    const property = fc.property(fc.array(fc.constantFrom(...taskStates), { maxLength: 20 }), (asked) => {
      let now = task();
      for (const to of asked) {
        const decision = decideTaskChange(now, { to, lease }, claim);
        if (decision.kind === 'missing' || decision.kind === 'stale') throw new Error(decision.kind);
        const legal = to === now.state || taskMoves[now.state].includes(to);
        expect(decision.kind).toBe(legal ? 'changed' : 'illegal');
        if (decision.kind === 'illegal') expect(decision.allowed).toEqual(taskMoves[now.state]);
        if (decision.kind === 'changed') {
          expect(decision.task.state).toBe(to);
          expect(decision.changes.reduce<TaskRecord>(applyTaskChange, now)).toEqual(decision.task);
        }
        now = decision.task;
      }
    });
    fc.assert(property);
  });

  it('is refused to a lease that is not the current one, and to one of another task', () => {
    const stale = [
      { ...lease, fence: 2 },
      { ...lease, leaseId: 'b' },
      { ...lease, key: sampleKey(2) },
    ];
    for (const shown of stale) {
      expect(decideTaskChange(task(), { facts: { progress: 1 }, lease: shown }, claim).kind).toBe('stale');
    }
    expect(decideTaskChange(task(), { facts: { progress: 1 }, lease }, undefined).kind).toBe('stale');
    expect(decideTaskChange(task(), { facts: { progress: 1 }, lease }, { ...claim, state: 'free' }).kind).toBe('stale');
  });

  it('says that somebody is at work only to whoever holds the claim', () => {
    for (const to of taskStates.filter(isAtWork)) {
      expect(decideTaskChange(task(), { to }, claim).kind).toBe('stale');
    }
    expect(decideTaskChange(task(), { to: 'blocked' }, claim).kind).toBe('changed');
  });

  it('takes the fence from the lease, whatever is told', () => {
    expect(move(task(), { to: 'claimed', facts: { fence: 99 } }).fence).toBe(1);
    const told = decideTaskChange(task(), { facts: { fence: 99, stage: 'x' } }, claim);
    expect(told).toMatchObject({ kind: 'changed', task: { fence: 0, stage: 'x' } });
  });

  it('drops why it was in the state before, and takes a repeated move as a lost answer', () => {
    const claimed = move(task(), { to: 'claimed', facts: { reason: 'picked up', stage: 'claimed' } });
    expect(move(claimed, { to: 'in_progress' })).not.toHaveProperty('reason');
    const again = decideTaskChange(
      claimed,
      { to: 'claimed', facts: { reason: 'picked up', stage: 'claimed' }, lease },
      claim,
    );
    expect(again).toEqual({ kind: 'changed', task: claimed, changes: [] });
  });

  it('gives up a task that would be tried too often, and hands it out again after a redrive with no attempt counted', () => {
    const working = move(move(task(), { to: 'claimed' }), { to: 'in_progress' });
    const tried = move(working, { to: 'ready', facts: { attempts: maxAttempts - 1, lastFailure: 'tests fail' } });
    expect(tried).toMatchObject({ state: 'ready', attempts: maxAttempts - 1 });
    const last = { attempts: maxAttempts, lastFailure: 'tests fail', reason: 'given up' };
    const abandoned = move(working, { to: 'ready', facts: last });
    expect(abandoned).toMatchObject({ state: 'abandoned', reason: 'given up', attempts: maxAttempts });
    expect(decideTaskChange(abandoned, { to: 'claimed', lease }, claim).kind).toBe('illegal');
    expect(move(abandoned, { to: 'ready' })).toMatchObject({ state: 'ready', attempts: 0, lastFailure: 'tests fail' });
  });

  it('is missing when nobody mirrored it', () => {
    expect(decideTaskChange(undefined, { to: 'ready' }, undefined)).toEqual({ kind: 'missing' });
  });
});
