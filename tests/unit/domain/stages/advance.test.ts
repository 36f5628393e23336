import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownFinding } from '../../../../src/domain/reports/open-finding.ts';
import { advance } from '../../../../src/domain/stages/advance.ts';
import { type ChoosableStage, choosableStages, type Stage } from '../../../../src/domain/stages/stage.ts';
import type { StageResult } from '../../../../src/domain/stages/stage-result.ts';
import { startTeam } from '../../../../src/domain/stages/start-team.ts';
import { teamEffects } from '../../../../src/domain/stages/team-effects.ts';
import type { TeamEvent } from '../../../../src/domain/stages/team-event.ts';
import { addToMemory } from '../../../../src/domain/stages/team-memory.ts';
import {
  maxAsks,
  maxHistory,
  maxMemoryBytes,
  maxStageTries,
  type TeamRecord,
} from '../../../../src/domain/stages/team-record.ts';
import { parseTeamRecord, teamRecordText } from '../../../../src/domain/stages/team-record-text.ts';

const place = { repository: 'octo/slug', issue: 7 };

function finding(fingerprint: string, more: Partial<KnownFinding> = {}): KnownFinding {
  return {
    ...{ fingerprint, path: 'src/slug.ts', line: 3, category: 'correctness', title: 'wrong', body: 'see' },
    ...{ severity: 'major', round: 1, standing: 'open' },
    ...more,
  };
}

const withoutPlan = choosableStages.filter((stage): stage is ChoosableStage => stage !== 'plan');

function team(stages: readonly ChoosableStage[] = withoutPlan): TeamRecord {
  return startTeam({ ...place, askedBy: 'alice', stages }, { now: 1, stepId: 's1' });
}

/** Tells events one after the other; `end` is a result of whatever runs by then. */
type OtherEvent = Exclude<TeamEvent, { readonly kind: 'ended' }>;

function play(record: TeamRecord, results: readonly (StageResult | OtherEvent)[]): TeamRecord {
  let now = 1;
  let at = record;
  for (const result of results) {
    now += 1;
    const event: TeamEvent = isEvent(result) ? result : { kind: 'ended', runId: `r${now}`, result };
    at = advance(begun(at, now), event, { now, stepId: `s${now}` }).record;
  }
  return at;

  function begun(team: TeamRecord, moment: number): TeamRecord {
    const { state } = team;
    if (state.kind !== 'pending') return team;
    const event = { kind: 'begun', step: state.step.id, runId: `r${moment}`, fence: moment } as const;
    return advance(team, event, { now: moment, stepId: 'unused' }).record;
  }
}

const eventKinds = new Set([
  'answered',
  'plan-approved',
  'plan-refused',
  'checks',
  'head-moved',
  'sent-back',
  'resumed',
]);
for (const kind of ['pull-closed', 'issue-closed', 'stop', 'told', 'dead', 'delivered', 'blockers-closed']) {
  eventKinds.add(kind);
}
function isEvent(value: StageResult | OtherEvent): value is OtherEvent {
  return eventKinds.has(value.kind);
}

const read: StageResult = { kind: 'read', questions: 0, blockedBy: [] };
const changed = (headSha: string, answers: Extract<StageResult, { kind: 'changed' }>['answers'] = []): StageResult => ({
  ...{ kind: 'changed', pullRequest: 8, headSha, answers },
});
const verified = (verdict: 'confirmed' | 'not-fixed' | 'unproven', headSha: string): StageResult => ({
  ...{ kind: 'verified', verdict, headSha },
});
const reviewed = (headSha: string, findings: readonly KnownFinding[] = []): StageResult => ({
  ...{ kind: 'reviewed', headSha, findings },
});
const green = (headSha: string): OtherEvent => ({ kind: 'checks', headSha, told: 'green' });

const at = (now: number) => ({ now, stepId: `t${now}` });

function pick<Value>(all: readonly Value[], which: number): Value {
  const found = all[which % all.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

describe('the way of an issue', () => {
  it('goes from reading to ready when nothing is wrong', () => {
    const end = play(team(), [
      read,
      changed('a'),
      verified('confirmed', 'a'),
      reviewed('a'),
      green('a'),
      { kind: 'told' },
    ]);
    expect(end.state).toMatchObject({ kind: 'over', how: 'ready' });
    expect(end.history.map(({ stage }) => stage)).toEqual(['read', 'code', 'test', 'review', 'ready']);
    expect(end.round).toBe(1);
  });

  it('sends the coder back with the failing test, then with findings, and lets the next review decide about answers', () => {
    const two = [finding('f1'), finding('f2')];
    const sent = play(team(), [read, changed('a'), verified('not-fixed', 'a')]);
    expect(sent).toMatchObject({ stage: 'address', round: 2, state: { kind: 'pending' } });
    const found = play(sent, [changed('b'), verified('confirmed', 'b'), reviewed('b', two)]);
    expect(found).toMatchObject({ stage: 'address', round: 3, reasons: [{ kind: 'findings', findings: two }] });
    const answered = play(found, [
      changed('c', [
        { fingerprint: 'f1', answer: 'fixed', why: 'done' },
        { fingerprint: 'f2', answer: 'refuted', why: 'it is as asked for' },
      ]),
    ]);
    expect(answered).toMatchObject({ stage: 'test', reasons: [] });
    expect(answered.findings.map(({ standing, answer }) => [standing, answer?.answer])).toEqual([
      ['open', 'fixed'],
      ['open', 'refuted'],
    ]);
    const settled = [finding('f1', { standing: 'fixed' }), finding('f2', { standing: 'refuted' })];
    const done = play(answered, [verified('confirmed', 'c'), reviewed('c', settled), green('c')]);
    expect(done.state).toMatchObject({ kind: 'closing', how: 'ready' });
  });

  it('asks a person after the last round, with what is open kept for the coder', () => {
    const open = [finding('f1')];
    const again = (head: string) => [changed(head), verified('confirmed', head), reviewed(head, open)];
    const end = play(team(), [read, ...again('a'), ...again('b'), ...again('c')]);
    expect(end).toMatchObject({ round: 3, stage: 'review', state: { kind: 'waiting', for: 'person' } });
    expect(end.reasons).toHaveLength(1);
    const on = play(end, [{ kind: 'resumed', by: 'alice' }]);
    expect(on).toMatchObject({ stage: 'address', round: 4, maxRounds: 6, state: { kind: 'pending' } });
  });

  it('gives a stage up after two failures in a row, and forgets them when it gets further', () => {
    const failed: StageResult = { kind: 'ended', outcome: 'failed', reason: 'no model' };
    const once = play(team(), [failed]);
    expect(once).toMatchObject({ stage: 'read', tries: 1, state: { kind: 'pending' } });
    expect(play(once, [read])).toMatchObject({ stage: 'code', tries: 0 });
    expect(play(once, [failed])).toMatchObject({ stage: 'read', state: { kind: 'waiting', for: 'person' } });
  });

  it('waits for answers and goes on with the same stage', () => {
    const asking = play(team(), [{ kind: 'read', questions: 2, blockedBy: [] }]);
    expect(asking.state).toMatchObject({ kind: 'waiting', for: 'answer' });
    expect(play(asking, [{ kind: 'answered' }])).toMatchObject({ stage: 'read', state: { kind: 'pending' } });
  });

  it('waits for blockers, by their numbers, and does not read twice', () => {
    const held = play(team(), [{ kind: 'read', questions: 0, blockedBy: [3, 4] }]);
    expect(held.state).toMatchObject({ kind: 'waiting', for: 'blockers', on: [3, 4] });
    expect(play(held, [{ kind: 'blockers-closed' }])).toMatchObject({ stage: 'code', state: { kind: 'pending' } });
  });

  it('codes only after the very plan was approved', () => {
    const planned = play(team(['plan']), [{ kind: 'planned', hash: 'h1', paths: ['a.ts'] }]);
    expect(planned).toMatchObject({ stage: 'approve', state: { kind: 'waiting', for: 'approval' } });
    expect(play(planned, [{ kind: 'plan-approved', hash: 'h2', by: 'bob' }])).toEqual(planned);
    const approved = play(planned, [{ kind: 'plan-approved', hash: 'h1', by: 'bob' }]);
    expect(approved).toMatchObject({ stage: 'code', plan: { hash: 'h1', approvedBy: 'bob' } });
  });

  it('does not call ready what no test speaks for, where testing is a stage', () => {
    const end = play(team(), [read, changed('a'), verified('unproven', 'a'), reviewed('a'), green('a')]);
    expect(end.state).toMatchObject({ kind: 'waiting', for: 'person' });
  });

  it('looks at a change again that somebody pushed to', () => {
    const waiting = play(team(), [read, changed('a'), verified('confirmed', 'a'), reviewed('a')]);
    const moved = play(waiting, [{ kind: 'head-moved', headSha: 'b' }]);
    expect(moved).toMatchObject({ stage: 'test', headSha: 'b', round: 1 });
    expect(moved.verdict).toBeUndefined();
  });

  it('gives a person who asks for changes a round of their own, after ready as well', () => {
    const over = play(team(['code']), [changed('a'), green('a'), { kind: 'told' }]);
    const remark = { author: 'bob', body: 'why?', createdAt: '2026-11-01T00:00:00Z', commentId: 5 };
    const back = play(over, [{ kind: 'sent-back', by: 'person', reasons: [{ kind: 'remarks', remarks: [remark] }] }]);
    expect(back).toMatchObject({ stage: 'address', round: 2, state: { kind: 'pending' } });
  });

  it('takes no result of a kind that the stage cannot have', () => {
    const end = play(team(), [changed('a')]);
    expect(end).toMatchObject({ stage: 'read', tries: 1 });
    expect(end.pullRequest).toBeUndefined();
  });
});

/** Everything that may happen, to the current run or step and to others. */
const step = fc.constantFrom('current', 's1', 'none');
const head = fc.constantFrom('a', 'b', 'c');
const severity = fc.constantFrom('blocker', 'major', 'nit');
const findings = fc.array(
  fc
    .tuple(fc.constantFrom('f1', 'f2', 'f3'), severity, fc.constantFrom('open', 'fixed', 'refuted'))
    .map(([name, worth, standing]) =>
      finding(name, { severity: worth as 'major', standing: standing as KnownFinding['standing'] }),
    ),
  { maxLength: 3 },
);
const outcome = fc.constantFrom('failed', 'no_change', 'needs_info', 'blocked', 'over_budget', 'cancelled', 'refused');
const result = fc.oneof(
  fc.constant(read),
  fc.constant<StageResult>({ kind: 'read', questions: 1, blockedBy: [] }),
  fc.constant<StageResult>({ kind: 'read', questions: 0, blockedBy: [9] }),
  fc.constant<StageResult>({ kind: 'planned', hash: 'h', paths: [] }),
  head.map((sha) => changed(sha)),
  fc
    .tuple(head, fc.constantFrom('confirmed', 'not-fixed', 'unproven'))
    .map(([sha, verdict]) => verified(verdict as 'confirmed', sha)),
  fc.tuple(head, findings).map(([sha, all]) => reviewed(sha, all)),
  outcome.map((how): StageResult => ({ kind: 'ended', outcome: how as 'failed', reason: 'why' })),
);
const memory = fc.oneof(fc.constant(undefined), fc.string({ maxLength: 40 }), fc.constant('ü'.repeat(9_000)));

type Told = (record: TeamRecord, unique: number) => TeamEvent;
const stepOf = (record: TeamRecord, named: string): string =>
  named === 'current' && record.state.kind === 'pending' ? record.state.step.id : named;
const runOf = (record: TeamRecord, named: string): string =>
  named === 'current' && record.state.kind === 'running' ? record.state.runId : named;
const headOf = (record: TeamRecord, named: string): string => (named === 'a' ? (record.headSha ?? 'a') : named);

const byMachines: fc.Arbitrary<Told> = fc.oneof(
  {
    weight: 6,
    arbitrary: step.map(
      (named): Told =>
        (record, unique) => ({
          ...{ kind: 'begun', step: stepOf(record, named), runId: `r${unique}`, fence: unique },
        }),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(step, result, memory).map(
      ([named, what, learned]): Told =>
        (record) => ({
          ...{
            kind: 'ended',
            runId: runOf(record, named),
            result: what,
            ...(learned !== undefined && { memory: learned }),
          },
        }),
    ),
  },
  step.map(
    (named): Told =>
      (record) => ({ kind: 'dead', runId: runOf(record, named) }),
  ),
  step.map(
    (named): Told =>
      (record) => ({ kind: 'overdue', step: stepOf(record, named) }),
  ),
  step.map(
    (named): Told =>
      (record) => ({ kind: 'start-refused', step: stepOf(record, named), reason: 'no' }),
  ),
  step.map(
    (named): Told =>
      (record) => ({ kind: 'held-up', step: stepOf(record, named), on: [2], what: 'b' }),
  ),
  fc.tuple(head, fc.constantFrom('green', 'none')).map(
    ([sha, told]): Told =>
      (record) => ({
        ...{ kind: 'checks', headSha: headOf(record, sha), told: told as 'green' },
      }),
  ),
  head.map(
    (sha): Told =>
      (record) => ({ kind: 'checks', headSha: headOf(record, sha), told: 'failed', failed: [] }),
  ),
  fc.constant<Told>(() => ({ kind: 'blockers-closed' })),
  fc.constant<Told>(() => ({ kind: 'told' })),
);
const byPeople: fc.Arbitrary<Told> = fc.oneof(
  head.map(
    (sha): Told =>
      () => ({ kind: 'head-moved', headSha: sha }),
  ),
  head.map(
    (sha): Told =>
      () => ({ kind: 'delivered', pullRequest: 8, headSha: sha }),
  ),
  fc.constant<Told>(() => ({ kind: 'answered' })),
  fc.constantFrom('h', 'x').map(
    (hash): Told =>
      () => ({ kind: 'plan-approved', hash, by: 'bob' }),
  ),
  fc.constant<Told>(() => ({ kind: 'plan-refused', by: 'bob' })),
  fc.constantFrom('person' as const, 'forge' as const).map(
    (by): Told =>
      () => ({
        ...{ kind: 'sent-back', by, reasons: [{ kind: 'conflict', baseSha: 'z', paths: ['a'] }] },
      }),
  ),
  fc.constant<Told>(() => ({ kind: 'resumed', by: 'bob' })),
  fc.boolean().map(
    (merged): Told =>
      () => ({ kind: 'pull-closed', pullRequest: 8, merged }),
  ),
  fc.constant<Told>(() => ({ kind: 'issue-closed' })),
  fc.constant<Told>(() => ({ kind: 'stop', by: 'bob' })),
);
const stages = fc.subarray([...choosableStages]);

function expectLegal(record: TeamRecord): void {
  const { state, stage, round, maxRounds, tries, chosen } = record;
  expect(round).toBeGreaterThanOrEqual(1);
  expect(round).toBeLessThanOrEqual(maxRounds);
  expect(tries).toBeLessThanOrEqual(maxStageTries);
  expect(record.history.length).toBeLessThanOrEqual(maxHistory);
  expect(new TextEncoder().encode(record.memory).length).toBeLessThanOrEqual(maxMemoryBytes);
  if (stage === 'read' || stage === 'plan' || stage === 'test' || stage === 'review') expect(chosen).toContain(stage);
  if (['test', 'review', 'address', 'ready'].includes(stage)) expect(record.pullRequest).toBeDefined();
  if (stage === 'approve' || stage === 'ready') expect(['pending', 'running']).not.toContain(state.kind);
  if (state.kind === 'pending') {
    expect(state.step.asks).toBeLessThanOrEqual(maxAsks);
    expect(tries).toBeLessThan(maxStageTries);
    const isPull = stage === 'test' || stage === 'review';
    expect(state.step.subject).toBe(isPull ? record.pullRequest : record.issue);
  }
  if (state.kind === 'waiting' && state.for === 'blockers') expect(state.on?.length).toBeGreaterThan(0);
  if (state.kind === 'waiting' && state.for === 'approval') expect(record.plan).toBeDefined();
  if (state.kind === 'waiting' && state.for === 'checks') expect(stage).toBe('ready');
  expect(teamEffects(record).length).toBeGreaterThan(0);
  // Whatever is stored can be read again.
  expect(parseTeamRecord(teamRecordText(record), place)).toEqual(JSON.parse(JSON.stringify(record)));
}

/** Of a run or a step that the record does not name. */
function isForeign({ state }: TeamRecord, event: TeamEvent): boolean {
  if ('runId' in event && event.kind !== 'begun') return state.kind !== 'running' || state.runId !== event.runId;
  return 'step' in event && (state.kind !== 'pending' || state.step.id !== event.step);
}

/** Mostly what the stage may end with, so that all rounds are walked. */
const fitting: Readonly<Partial<Record<Stage, readonly StageResult[]>>> = {
  read: [read],
  plan: [{ kind: 'planned', hash: 'h' }],
  code: [changed('a')],
  address: [changed('b'), changed('c'), changed('d')],
  test: [verified('confirmed', 'b'), verified('not-fixed', 'b'), verified('unproven', 'c')],
  review: [reviewed('b', [finding('f1')]), reviewed('b')],
};

describe('any order of events', () => {
  it('sends the coder back no more often than there are rounds, however often tester, reviewer and checks want it', () => {
    const turns = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.boolean()), { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(turns, fc.integer({ min: 1, max: 4 }), (script, maxRounds) => {
        let record = startTeam({ ...place, askedBy: 'alice', stages: ['code', 'test', 'review'], maxRounds }, at(0));
        let coders = 0;
        for (const [turn, [which, failed]] of script.entries()) {
          const { state, stage, headSha = 'a' } = record;
          const moment = at(turn + 1);
          if (state.kind === 'pending') {
            if (stage === 'code' || stage === 'address') coders += 1;
            record = play(record, [pick(fitting[stage] ?? [read], which)]);
          } else if (state.kind === 'waiting' && state.for === 'checks') {
            const told = failed ? ({ told: 'failed', failed: [] } as const) : ({ told: 'green' } as const);
            record = advance(record, { kind: 'checks', headSha, ...told }, moment).record;
          }
          expectLegal(record);
          expect(coders).toBeLessThanOrEqual(maxRounds);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never leads to a state that cannot be, and a repeated event changes nothing twice', () => {
    const all = fc.oneof({ weight: 3, arbitrary: byMachines }, { weight: 1, arbitrary: byPeople });
    fc.assert(
      fc.property(stages, fc.array(all, { maxLength: 60 }), (chosen, events) => {
        let record = team(chosen);
        for (const [at, told] of events.entries()) {
          const event = told(record, at + 1);
          const moment = { now: at + 2, stepId: `s${at + 2}` };
          const next = advance(record, event, moment);
          expectLegal(next.record);
          if (!next.changed) expect(next.record).toBe(record);
          if (isForeign(record, event)) expect(next.changed).toBe(false);
          const repeatable = event.kind === 'begun' || event.kind === 'ended' || event.kind === 'dead';
          if (repeatable) expect(advance(next.record, event, { now: 999, stepId: 'x' }).changed).toBe(false);
          record = next.record;
        }
      }),
      { numRuns: 400 },
    );
  });

  it('comes to an end, or to somebody who is waited for, in a bounded number of runs when no person does anything', () => {
    fc.assert(
      fc.property(
        stages,
        fc.array(fc.tuple(result, fc.boolean()), { minLength: 1, maxLength: 20 }),
        (chosen, script) => {
          let record = team(chosen);
          let runs = 0;
          for (let at = 1; record.state.kind === 'pending' || record.state.kind === 'running'; at += 1) {
            const [what, dies] = script[at % script.length] ?? [read, false];
            const moment = { now: at, stepId: `s${at}` };
            if (record.state.kind === 'pending') {
              runs += 1;
              const { id } = record.state.step;
              record = advance(record, { kind: 'begun', step: id, runId: `r${at}`, fence: at }, moment).record;
            } else {
              const { runId } = record.state;
              const event: TeamEvent = dies ? { kind: 'dead', runId } : { kind: 'ended', runId, result: what };
              record = advance(record, event, moment).record;
            }
            // Read and plan, then three rounds of three stages, each tried twice.
            expect(runs).toBeLessThanOrEqual(2 * (2 + 3 * record.maxRounds));
          }
          expect(['waiting', 'closing', 'over']).toContain(record.state.kind);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('reaches the same end when it is killed between any two steps and told everything again', () => {
    const all = fc.oneof({ weight: 4, arbitrary: byMachines }, { weight: 1, arbitrary: byPeople });
    fc.assert(
      fc.property(
        stages,
        fc.array(fc.tuple(all, fc.integer({ min: 0, max: 3 })), { maxLength: 30 }),
        (chosen, events) => {
          let plain = team(chosen);
          let killed = team(chosen);
          for (const [at, [told, again]] of events.entries()) {
            const event = told(plain, at + 1);
            const moment = { now: at + 2, stepId: `s${at + 2}` };
            plain = advance(plain, event, moment).record;
            // Stored, and killed before anything was done about it: the next one reads the record and is told the same.
            killed = advance(read1(killed), event, moment).record;
            const isOnce = event.kind === 'begun' || event.kind === 'ended' || event.kind === 'dead';
            for (let time = 0; isOnce && time < again; time += 1) killed = advance(read1(killed), event, moment).record;
          }
          expect(read1(killed)).toEqual(read1(plain));
        },
      ),
      { numRuns: 300 },
    );
    function read1(record: TeamRecord): TeamRecord {
      return parseTeamRecord(teamRecordText(record), place) ?? record;
    }
  });
});

describe('what the runs remember', () => {
  it('keeps the newest within its bytes, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 8 }),
        fc.integer({ min: 64, max: 400 }),
        (all, max) => {
          let kept = '';
          for (const one of all) {
            kept = addToMemory(kept, one, max);
            expect(new TextEncoder().encode(kept).length).toBeLessThanOrEqual(max);
          }
        },
      ),
    );
    expect(addToMemory('old\nlines', 'new', 50)).toBe('old\nlines\n\nnew');
    expect(addToMemory(`${'x'.repeat(60)}\nlast but one`, 'new', 60)).toBe(
      '… (what is older was left out)\nlast but one\n\nnew',
    );
  });
});
