import { describe, expect, it } from 'vitest';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import type { PublishReport } from '../../../../src/flows/publish-run.ts';
import { advanceTeam } from '../../../../src/flows/team/advance-team.ts';
import { beginStep, goesBefore, holdUp } from '../../../../src/flows/team/begin-step.ts';
import { performTeam } from '../../../../src/flows/team/perform-team.ts';
import { recoverTeam, recoverTeams } from '../../../../src/flows/team/recover-team.ts';
import { startTeam } from '../../../../src/flows/team/start-team.ts';
import { stopTeam } from '../../../../src/flows/team/stop-team.ts';
import { sampleCheck } from '../../../fakes/fake-checks.ts';
import { Killed } from '../../../fakes/fake-forge.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';
import { signal, type TeamScene, teamScene } from './team-scene.ts';

const head = 'a'.repeat(40);
const read = { kind: 'read', questions: 0, blockedBy: [] } as const;

/** To the moment in which only the checks are missing. */
async function walkToChecks(scene: TeamScene): Promise<TeamRecord> {
  const pullRequest = scene.openPull();
  const results = [
    read,
    { kind: 'changed', pullRequest, headSha: head, answers: [] },
    { kind: 'verified', verdict: 'confirmed', headSha: head },
    { kind: 'reviewed', headSha: head, findings: [] },
  ] as const;
  let record = await scene.record();
  for (const result of results) {
    const runId = await scene.begin();
    record = await scene.tell({ kind: 'ended', runId, result });
    await scene.release(runId);
  }
  return record;
}

const texts = ({ forge }: TeamScene, op: string): readonly string[] =>
  forge.allComments.map(({ snapshot }) => snapshot.body).filter((body) => body.includes(`op=${op} `));

describe('a team that is asked for', () => {
  it('gives the same step to whoever asks again before it is begun, and begins it once', async () => {
    const scene = await teamScene();
    const request = { issue: scene.issue, askedBy: 'bob', stages: ['code'], maxRounds: 1 } as const;
    const again = await startTeam(scene.room, request);
    expect(again.kind).toBe('resumed');
    expect(again.record).toEqual(await scene.record());
    const { state } = again.record;
    const step = state.kind === 'pending' ? state.step.id : '';
    const runs = ['r1', 'r2'].map((runId, at) => ({ issue: scene.issue, step, runId, fence: at + 1 }));
    const begun = await Promise.all(runs.map((run) => beginStep(scene.room, run)));
    expect(begun.map(({ kind }) => kind).sort()).toEqual(['begun', 'not-pending']);
  });

  it('begins anew over one that is over, and is stopped with one word', async () => {
    const scene = await teamScene();
    await stopTeam(scene.room, { issue: scene.issue, by: 'alice' }, signal);
    expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'stopped' });
    expect(texts(scene, 'team')[0]).toContain('The team has stopped');
    const request = { issue: scene.issue, askedBy: 'bob', stages: ['code'], maxRounds: 1 } as const;
    expect(await startTeam(scene.room, request)).toMatchObject({ kind: 'started', record: { askedBy: 'bob' } });
  });
});

describe('what follows from a record', () => {
  it('is told in one comment, started, and the same however often it is done', async () => {
    const scene = await teamScene();
    const record = await scene.record();
    await performTeam(scene.room, record, signal);
    await performTeam(scene.room, record, signal);
    expect(texts(scene, 'team')).toHaveLength(1);
    expect(texts(scene, 'team')[0]).toContain('- [ ] read the issue · issue-reader   ← now');
    expect(scene.started.map(({ issue, step }) => [issue, step.command])).toEqual([
      [scene.issue, 'triage'],
      [scene.issue, 'triage'],
    ]);
  });

  it('asks a person when nobody will ever start the step, with the words of whoever refused', async () => {
    const refused = { kind: 'refused', reason: 'it has no workflow_dispatch' } as const;
    const scene = await teamScene({ starter: { start: async () => refused } });
    await performTeam(scene.room, await scene.record(), signal);
    expect((await scene.record()).state).toMatchObject({ kind: 'waiting', for: 'person' });
    expect(texts(scene, 'team-asks')[0]).toContain('it has no workflow_dispatch');
  });

  it('ends ready in the same way when it is killed at any call, and begun again each time', async () => {
    const calm = await teamScene();
    calm.forge.checks.bySha.set(head, [green]);
    await performTeam(calm.room, await walkToChecks(calm), signal);
    expect((await calm.record()).state).toMatchObject({ kind: 'over', how: 'ready' });
    expect(calm.forge.pulls[0]?.draft).toBe(false);
    const calls = 40;
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const scene = await teamScene();
        scene.forge.checks.bySha.set(head, [green]);
        const record = await walkToChecks(scene);
        scene.forge.dieOn = { call: scene.forge.calls.length + call, when };
        const killed = await performTeam(scene.room, record, signal).then(
          () => false,
          (error: unknown) => error instanceof Killed,
        );
        scene.forge.dieOn = undefined;
        await recoverTeam(scene.room, scene.issue, { signal });
        expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'ready' });
        expect(scene.forge.pulls[0]?.draft).toBe(false);
        expect([texts(scene, 'team').length, texts(scene, 'team-ready').length]).toEqual([1, 1]);
        if (!killed) return;
      }
    }
    throw new Error(`more than ${calls} calls`);
  });

  it('waits for checks that run, and sends the coder back with those that failed', async () => {
    const scene = await teamScene();
    scene.forge.checks.bySha.set(head, [{ ...green, status: 'in_progress', conclusion: undefined }]);
    await performTeam(scene.room, await walkToChecks(scene), signal);
    expect((await scene.record()).state).toMatchObject({ kind: 'waiting', for: 'checks' });
    scene.forge.checks.bySha.set(head, [{ ...green, conclusion: 'failure', summary: 'one test failed' }]);
    await recoverTeam(scene.room, scene.issue, { signal });
    const record = await scene.record();
    expect(record).toMatchObject({ stage: 'address', round: 2 });
    expect(record.reasons).toMatchObject([{ kind: 'failed-checks', checks: [{ excerpt: 'one test failed' }] }]);
  });
});

const green = sampleCheck({ name: 'test', conclusion: 'success' });

describe('a sweep', () => {
  it('asks again for a step that nobody began, not before its time, and gives up after five', async () => {
    const scene = await teamScene();
    expect(await recoverTeams(scene.room, signal)).toEqual([{ issue: scene.issue, what: 'done-again' }]);
    expect(scene.started).toHaveLength(0);
    for (let asks = 0; asks < 4; asks += 1) {
      scene.clock.advance(11 * 60_000);
      await recoverTeams(scene.room, signal);
    }
    expect(scene.started).toHaveLength(4);
    scene.clock.advance(11 * 60_000);
    await recoverTeams(scene.room, signal);
    expect((await scene.record()).state).toMatchObject({ kind: 'waiting', for: 'person' });
  });

  it('tries a dead run again, and leaves a living one alone', async () => {
    const scene = await teamScene();
    const runId = await scene.begin();
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state).toMatchObject({ kind: 'running', runId });
    const dead = { ...scene.room, holderIsDead: async () => true };
    await recoverTeam(dead, scene.issue, { signal });
    expect(await scene.record()).toMatchObject({ stage: 'read', tries: 1, state: { kind: 'pending' } });
  });

  it('takes the change of a coder that died after publishing for its result', async () => {
    const scene = await teamScene();
    const reader = await scene.begin();
    await scene.tell({ kind: 'ended', runId: reader, result: read });
    await scene.release(reader);
    const coder = await scene.begin();
    const pull = scene.openPull();
    scene.forge.git.branches.set(`agent/${scene.issue}/f2-fix`, scene.forge.git.branches.get('main') ?? '');
    const body = `<!-- entropy:issue=${scene.issue} fence=2 run=${coder} op=pull-request -->`;
    scene.forge.pulls[0] = { ...must(scene.forge.pulls[0]), body };
    await scene.release(coder);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect(await scene.record()).toMatchObject({ stage: 'test', pullRequest: pull, tries: 0 });
  });

  it('goes on when somebody who may has answered, and not for a stranger', async () => {
    const scene = await teamScene();
    const runId = await scene.begin();
    await scene.tell({ kind: 'ended', runId, result: { kind: 'read', questions: 1, blockedBy: [] } });
    await scene.release(runId);
    scene.forge.seedComment(scene.issue, 'It is red.', 'carol');
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state).toMatchObject({ kind: 'waiting', for: 'answer' });
    const later = new Date(scene.clock.now() + 1_000).toISOString();
    const answer = scene.forge.seedComment(scene.issue, 'It is red.', 'alice');
    const row = scene.forge.allComments.find(({ snapshot }) => snapshot.id === answer.id);
    if (row !== undefined) row.snapshot = { ...row.snapshot, createdAt: later };
    await recoverTeam(scene.room, scene.issue, { signal });
    expect(await scene.record()).toMatchObject({ stage: 'read', state: { kind: 'pending' } });
  });

  it('goes on when the issues that it waited for are closed, and ends when its own is', async () => {
    const scene = await teamScene();
    const other = scene.forge.seedIssue();
    const runId = await scene.begin();
    await scene.tell({ kind: 'ended', runId, result: { kind: 'read', questions: 0, blockedBy: [other] } });
    await scene.release(runId);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state).toMatchObject({ kind: 'waiting', for: 'blockers', on: [other] });
    close(scene, other);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect(await scene.record()).toMatchObject({ stage: 'code', state: { kind: 'pending' } });
    close(scene, scene.issue);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'closed' });
  });
});

describe('work on the same files', () => {
  it('waits for what runs already, says so, and goes on when that is done', async () => {
    const scene = await teamScene();
    const other = scene.forge.seedIssue();
    const stages = ['plan', 'code'] as const;
    await startTeam(scene.room, { issue: other, askedBy: 'alice', stages, maxRounds: 3 });
    await pretend(scene, scene.issue, { stage: 'code', state: running });
    await pretend(scene, other, { stage: 'code' });
    const stored = must(await scene.forge.team.read(other)).record;
    const before = await goesBefore(scene.room, stored);
    expect(before).toEqual([{ issue: scene.issue, shared: ['src/slugify.js'] }]);
    expect(await holdUp(scene.room, { record: stored, before }, signal)).toBe(true);
    expect(texts(scene, 'team').join()).toContain('work that runs touches the same files: src/slugify.js');
    await recoverTeam(scene.room, other, { signal });
    expect((await scene.forge.team.read(other))?.record.state.kind).toBe('waiting');
    await pretend(scene, scene.issue, { state: { kind: 'waiting', for: 'person', what: 'x' } });
    await recoverTeam(scene.room, other, { signal });
    expect((await scene.forge.team.read(other))?.record).toMatchObject({ stage: 'code', state: { kind: 'pending' } });
  });
});

const running = { kind: 'running', runId: 'run9', fence: 1, step: 'step9' } as const;

async function pretend({ forge }: TeamScene, issue: number, change: Partial<TeamRecord>): Promise<void> {
  const stored = must(await forge.team.read(issue));
  const plan = { hash: 'h', paths: ['src/slugify.js'] };
  await forge.team.swap(issue, { seen: stored.id, record: { ...stored.record, plan, ...change } });
}

function close({ forge }: TeamScene, issue: number): void {
  forge.issues.set(issue, { ...must(forge.issues.get(issue)), state: 'closed' });
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('it is missing');
  return value;
}

describe("a run's end", () => {
  const reportOf = (more: Partial<PublishReport>): PublishReport => ({ outcome: 'succeeded', reason: 'done', ...more });

  it('moves the team whose step it was, and no other run does', async () => {
    const scene = await teamScene();
    const runId = await scene.begin();
    const issue = { ...sampleTask().issue, number: scene.issue };
    const task = sampleTask({ runId, issue, step: 'step1' });
    const stranger = sampleTask({ runId: 'else', issue });
    expect(await advanceTeam(scene.room, stranger, reportOf({ stage: read }))).toBeUndefined();
    expect(await advanceTeam(scene.room, task, reportOf({ stage: read }))).toMatchObject({ stage: 'code' });
    expect(await advanceTeam(scene.room, task, reportOf({ stage: read }))).toMatchObject({ stage: 'code', tries: 0 });
  });

  it('leaves what seems to hold a secret out of the record, which everybody can read', async () => {
    const finding = { rule: 'key', where: 'x', line: 1 };
    const scanner = { scan: async (_: string, text: string) => (text.includes('hunter2') ? [finding] : []) };
    const scene = await teamScene({ scanner });
    const runId = await scene.begin();
    const task = sampleTask({ runId, issue: { ...sampleTask().issue, number: scene.issue }, step: 'step1' });
    const result = { memory: 'the password is hunter2' } as PublishReport['result'] & object;
    await advanceTeam(scene.room, task, reportOf({ outcome: 'failed', reason: 'hunter2 was wrong', result }));
    expect(JSON.stringify(await scene.record())).not.toContain('hunter2');
  });
});
