import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/domain/settings.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { TriggerEvent } from '../../../src/domain/trigger-event.ts';
import { hearLater } from '../../../src/flows/hear-later.ts';
import type { PublishReport } from '../../../src/flows/publish-run.ts';
import { advanceTeam } from '../../../src/flows/team/advance-team.ts';
import { performTeam } from '../../../src/flows/team/perform-team.ts';
import type { TeamRoom } from '../../../src/flows/team/team-room.ts';
import type { StepToStart } from '../../../src/ports/step-starter.ts';
import { sampleTeamRecord } from '../../fakes/sample-team-record.ts';
import { type GateFixture, gateFixture } from './admit-event.fixture.ts';

const sender = { login: 'bob', kind: 'user' } as const;
const signal = new AbortController().signal;
const path = 'src/word.ts';

/** A review with so many comments on lines, as GitHub tells of it: once, and once for each comment. */
function review(at: GateFixture, pull: number, lines: number, submittedAt?: string): readonly TriggerEvent[] {
  const issue = at.pullInEvent(pull);
  const comments = Array.from({ length: lines }, (_, index) => ({ path, line: 1, body: `Remark ${index + 1}.` }));
  const made = at.forge.reviews.seed(pull, 'bob', {
    ...{ event: 'REQUEST_CHANGES', body: 'Not yet.', commitSha: issue.headSha, comments },
    ...(submittedAt !== undefined && { submittedAt }),
  });
  const told = { id: made.id, body: made.body, submittedAt: made.submittedAt ?? '', demands: true };
  const ofLines = at.forge.reviews.allComments.filter(({ reviewId }) => reviewId === made.id);
  return [
    { kind: 'review', issue, review: told, sender },
    ...ofLines.map(
      ({ id, body, createdAt }): TriggerEvent => ({
        kind: 'line-comment',
        issue,
        comment: { id, body, createdAt },
        sender,
      }),
    ),
  ];
}

function roomOf(at: GateFixture, started: StepToStart[]): TeamRoom {
  const { forge, claims, clock } = at;
  return {
    ...{
      forge,
      claims,
      clock,
      newId: at.gate.newId,
      log: at.gate.log,
      scanner: undefined,
      checksPatienceMs: 0,
      books: undefined,
    },
    settings: async () => defaultSettings,
    failedChecks: async () => ({ failed: [], allOnBase: false }),
    holderIsDead: async () => false,
    starter: {
      start: async (asked) => {
        started.push(asked);
        return { kind: 'started' };
      },
    },
  };
}

const remarksIn = (task: Task): readonly string[] =>
  (task.brief?.reasons ?? []).flatMap((reason) =>
    reason.kind === 'remarks' ? reason.remarks.map(({ body }) => body.split('\n')[0] ?? '') : [],
  );

const all = ['Not yet.', ...Array.from({ length: 10 }, (_, index) => `Remark ${index + 1}.`)];

/** Puts the deliveries before the gate; after so many of them the first run ends. The tasks that came of it. */
async function deliver(
  at: GateFixture,
  events: readonly TriggerEvent[],
  { order, endAfter, end }: { order: readonly number[]; endAfter: number; end: (task: Task) => Promise<void> },
): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (const [count, index] of order.entries()) {
    const first = tasks[0];
    if (count === endAfter && first !== undefined) await end(first);
    const event = events[index];
    const admission = event && (await at.admit(event));
    if (admission?.kind === 'admitted') tasks.push(admission.task);
  }
  return tasks;
}

const anyOrder = fc.record({
  order: fc.shuffledSubarray([...Array(11).keys()], { minLength: 11, maxLength: 11 }),
  endAfter: fc.integer({ min: 1, max: 11 }),
});

describe('a review with ten comments on lines, which comes as eleven deliveries', () => {
  it('sends its coder once with all of it, whichever comes first and whenever the run ends', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, async ({ order, endAfter }) => {
        const at = gateFixture();
        const pull = at.openPull({ branch: 'agent/1/f1-x' });
        const end = async (task: Task) => void (await at.claims.release(task.lease));
        const tasks = await deliver(at, review(at, pull, 10), { order, endAfter, end });
        expect(tasks.map(remarksIn)).toEqual([all]);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['checks', 'test', 'review', 'address'] as const)(
    'is one step of a team that is at %s, with all of it',
    async (where) => {
      await fc.assert(
        fc.asyncProperty(anyOrder, async ({ order, endAfter }) => {
          const at = gateFixture({ settings: { teamStages: ['code', 'test', 'review'] } });
          const { pull, room } = await teamAt(at, where);
          const end = async (task: Task) => {
            await advanceTeam(room, task, changed(pull));
            await at.claims.release(task.lease);
          };
          const tasks = await deliver(at, review(at, pull, 10), { order, endAfter, end });
          expect(tasks.map(remarksIn)).toEqual([all]);
          expect(tasks[0]?.step).toBeDefined();
        }),
        { numRuns: 10 },
      );
    },
  );
});

const step = { id: 'waiting', subject: 2, askedAt: 0, asks: 1 } as const;

async function teamAt(at: GateFixture, where: 'checks' | 'test' | 'review' | 'address' | 'running') {
  const pull = at.openPull({ branch: 'agent/1/f1-x' });
  const { headSha } = at.pullInEvent(pull);
  const states = {
    checks: { stage: 'ready', state: { kind: 'waiting', for: 'checks', what: 'checks' } },
    test: { stage: 'test', state: { kind: 'pending', step: { ...step, command: 'test' } } },
    review: { stage: 'review', state: { kind: 'pending', step: { ...step, command: 'review' } } },
    address: { stage: 'address', state: { kind: 'pending', step: { ...step, command: 'fix' } } },
    running: { stage: 'review', state: { kind: 'running', runId: 'r', fence: 1, step: 'waiting' } },
  } as const;
  const record = {
    ...sampleTeamRecord(),
    repository: 'octo/slug',
    issue: 1,
    askedBy: 'bob',
    pullRequest: pull,
    headSha,
  };
  const { verdict: _, plan: _plan, approval: _approval, ...bare } = record;
  await at.forge.team.swap(1, {
    seen: undefined,
    record: { ...bare, ...states[where], reasons: [], findings: [], told: [], round: 1, maxRounds: 3, tries: 0 },
  });
  const started: StepToStart[] = [];
  return { pull, headSha, started, room: roomOf(at, started) };
}

function changed(pullRequest: number): PublishReport {
  const stage = { kind: 'changed', pullRequest, headSha: 'b'.repeat(40), answers: [] } as const;
  const url = `https://github.example.test/octo/slug/pull/${pullRequest}`;
  return { outcome: 'succeeded', reason: 'Done.', pullRequest: { number: pullRequest, url, draft: false }, stage };
}

describe('what people say while a run is at work', () => {
  const late = '2027-01-01T00:00:00Z';
  const command = { kind: 'dispatch', issueNumber: 1, command: 'fix', sender } as const;

  it('is asked for again when a coder that works alone has ended, and is the next one’s', async () => {
    const at = gateFixture();
    const pull = at.openPull({ branch: 'agent/1/f1-x' });
    const [first] = review(at, pull, 1);
    const admission = first && (await at.admit(first));
    if (admission?.kind !== 'admitted') throw new Error(JSON.stringify(admission));
    const { task } = admission;
    const [demand, line] = review(at, pull, 1, late);
    if (demand === undefined || line === undefined) throw new Error('no events');
    expect(await at.admit(line)).toMatchObject({ kind: 'refused', reason: 'claimed', commented: false });
    await at.claims.release(task.lease);
    const started: StepToStart[] = [];
    await hearLater(roomOf(at, started), task, changed(pull));
    expect(started).toMatchObject([{ issue: pull, step: { command: 'fix' } }]);
    const [asked] = started;
    const bot = { login: 'github-actions[bot]', kind: 'bot' } as const;
    const again = { ...command, issueNumber: pull, step: asked?.step.id ?? '', sender: bot } as const;
    const next = await at.admit(again);
    if (next.kind !== 'admitted') throw new Error(JSON.stringify(next));
    expect(next.task.requestedBy.login).toBe('bob');
    expect(remarksIn(next.task)).toEqual(expect.arrayContaining(['Not yet.', 'Remark 1.']));
    await at.claims.release(next.task.lease);
    await hearLater(roomOf(at, started), next.task, changed(pull));
    expect(started).toHaveLength(1);
  });

  it('of somebody who may not start agents is asked for by nobody, whatever a dispatch says', async () => {
    const at = gateFixture();
    const pull = at.openPull({ branch: 'agent/1/f1-x' });
    const { id } = at.forge.reviews.seedComment(pull, 'carol', { path, line: 1, body: 'Do as I say.' });
    const told = { ...command, issueNumber: pull };
    expect(await at.admit({ ...told, step: `comment-${id}` })).toMatchObject({ kind: 'ignored' });
    expect(await at.admit({ ...told, step: 'comment-99' })).toMatchObject({ kind: 'ignored' });
    expect(await at.admit({ ...told, step: 'pull-changed' })).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });

  it.each(['test', 'review', 'checks'] as const)('goes before what a team would do next: %s', async (where) => {
    const at = gateFixture();
    const { pull, room, started } = await teamAt(at, where);
    review(at, pull, 10, late);
    const stored = await at.forge.team.read(1);
    if (stored === undefined) throw new Error('no team');
    const record = await performTeam(room, stored.record, signal);
    expect(record).toMatchObject({ stage: 'address', round: 2, state: { kind: 'pending' } });
    expect(started.map(({ step: { command: asked } }) => asked)).toEqual(['fix']);
    const [reason] = record.reasons;
    expect(reason?.kind === 'remarks' && reason.remarks).toHaveLength(11);
  });

  it('is told to a coder that was waited for, with why it was sent back', async () => {
    const at = gateFixture({ settings: { teamStages: ['code', 'review'] } });
    const { pull } = await teamAt(at, 'address');
    review(at, pull, 2, late);
    const admission = await at.admit({ ...command, step: 'waiting' });
    if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
    expect(remarksIn(admission.task)).toEqual(['Not yet.', 'Remark 1.', 'Remark 2.']);
  });

  it('does not keep a team from its end when nobody may be heard', async () => {
    const at = gateFixture();
    const { pull, room } = await teamAt(at, 'checks');
    at.forge.reviews.seed(pull, 'carol', { event: 'REQUEST_CHANGES', body: 'No.' });
    const stored = await at.forge.team.read(1);
    if (stored === undefined) throw new Error('no team');
    const record = await performTeam(room, stored.record, signal);
    expect(record.stage).toBe('ready');
  });
});
