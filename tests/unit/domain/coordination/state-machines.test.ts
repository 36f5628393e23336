import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideOpenRun, decideRunChange, decideStop } from '../../../../src/domain/coordination/run-decisions.ts';
import { isOver, runMoves } from '../../../../src/domain/coordination/run-moves.ts';
import { type RunRecord, runStates } from '../../../../src/domain/coordination/run-record.ts';
import { taskMoves } from '../../../../src/domain/coordination/task-moves.ts';
import { taskStates } from '../../../../src/domain/coordination/task-record.ts';
import { outcomes } from '../../../../src/domain/outcome.ts';
import { sampleRun } from '../../../fakes/coordination-samples.ts';

/** All states that can be reached from one. */
function reachable<State extends string>(moves: Readonly<Record<State, readonly State[]>>, from: State): Set<State> {
  const seen = new Set([from]);
  for (const state of seen) for (const next of moves[state]) seen.add(next);
  return seen;
}

describe('the states of a task', () => {
  it('can all be reached from open, and from each of them the task can still be done', () => {
    expect(reachable(taskMoves, 'open')).toEqual(new Set(taskStates));
    for (const state of taskStates) expect(reachable(taskMoves, state)).toContain('done');
  });

  it('lead nowhere twice and never to themselves', () => {
    for (const state of taskStates) {
      expect(new Set(taskMoves[state]).size).toBe(taskMoves[state].length);
      expect(taskMoves[state]).not.toContain(state);
    }
  });

  it('let a task that was given up be handed out by a redrive only, and one that is done by reopening only', () => {
    expect(taskMoves.abandoned).toEqual(['ready', 'done']);
    expect(taskMoves.done).toEqual(['open']);
  });

  it('let every state in which a run may be be left for ready when its claim is lost', () => {
    for (const state of ['claimed', 'in_progress', 'in_review'] as const) expect(taskMoves[state]).toContain('ready');
  });
});

describe('the states of a run', () => {
  it('end in every outcome that a run may have, and in nothing else', () => {
    expect(new Set(runStates.filter(isOver))).toEqual(new Set(outcomes));
    expect(reachable(runMoves, 'queued')).toEqual(new Set(runStates));
    for (const outcome of outcomes) expect(runMoves.running).toContain(outcome);
  });

  const opened = (): RunRecord => {
    const decision = decideOpenRun(undefined, sampleRun('r1'));
    if (decision.kind !== 'opened') throw new Error('not opened');
    return decision.run;
  };

  it('follow the table whatever is asked: a legal move is made, any other is refused with what is allowed', () => {
    const property = fc.property(fc.array(fc.constantFrom(...runStates), { maxLength: 12 }), (asked) => {
      let run = opened();
      for (const [at, to] of asked.entries()) {
        const decision = decideRunChange(run, { to, facts: { branch: `b${at}` } }, 9_000 + at);
        if (decision.kind === 'missing') throw new Error('it is there');
        const legal = runMoves[run.state].includes(to) || (to === run.state && !isOver(to));
        expect(decision.kind).toBe(legal ? 'changed' : 'illegal');
        if (decision.kind === 'illegal') expect(decision).toMatchObject({ allowed: runMoves[run.state], run });
        if (decision.kind === 'changed') expect(decision.run).toMatchObject({ state: to, version: run.version + 1 });
        run = decision.run;
      }
    });
    fc.assert(property);
  });

  it('say when the run ended and when it got further, by the clock of the store unless told', () => {
    const run = decideRunChange(
      opened(),
      { to: 'running', facts: { progress: { stage: 'tests', share: 0.1 } } },
      7_000,
    );
    expect(run).toMatchObject({ run: { progressAt: 7_000, heartbeatAt: 5_000 } });
    if (run.kind !== 'changed') return;
    expect(decideRunChange(run.run, { facts: { progress: { stage: 'tests', share: 0.1 } } }, 8_000)).toMatchObject({
      run: { progressAt: 7_000 },
      changes: [],
    });
    expect(decideRunChange(run.run, { to: 'failed' }, 8_000)).toMatchObject({ run: { endedAt: 8_000 } });
    expect(decideRunChange(run.run, { to: 'failed', facts: { endedAt: 7_500 } }, 8_000)).toMatchObject({
      run: { endedAt: 7_500 },
    });
  });

  it('take the end told a second time for a lost answer, and another end or fact for a mistake', () => {
    const ended = decideRunChange(opened(), { to: 'failed', facts: { reason: 'no luck', endedAt: 8_000 } }, 8_000);
    if (ended.kind !== 'changed') throw new Error('not ended');
    const again = decideRunChange(ended.run, { to: 'failed', facts: { reason: 'no luck', endedAt: 8_100 } }, 8_100);
    expect(again).toEqual({ kind: 'changed', run: ended.run, changes: [] });
    expect(decideRunChange(ended.run, { to: 'failed', facts: { reason: 'other' } }, 8_100).kind).toBe('illegal');
    expect(decideRunChange(ended.run, { facts: { heartbeatAt: 9_000, branch: 'late' } }, 9_000).kind).toBe('illegal');
    expect(decideStop(ended.run, { by: 'mona', reason: 'x', now: 9_000 })).toMatchObject({
      kind: 'illegal',
      allowed: [],
    });
  });

  it('keep the first request to stop', () => {
    const first = decideStop(opened(), { by: 'mona', reason: 'wrong issue', now: 6_000 });
    if (first.kind !== 'changed') throw new Error('not asked');
    expect(first.run.stopRequested).toEqual({ by: 'mona', at: 6_000, reason: 'wrong issue' });
    expect(decideStop(first.run, { by: 'lisa', reason: 'too', now: 7_000 })).toEqual({
      kind: 'changed',
      run: first.run,
      changes: [],
    });
  });
});
