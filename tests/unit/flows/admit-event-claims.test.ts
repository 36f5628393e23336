import { describe, expect, it } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { openRunOfTask } from '../../../src/domain/open-run.ts';
import type { Task } from '../../../src/domain/task.ts';
import { closeRun } from '../../../src/flows/close-run.ts';
import { Killed } from '../../fakes/fake-forge.ts';
import { type GateFixture, gateFixture } from './admit-event.fixture.ts';

async function started(at: GateFixture): Promise<Task> {
  const admission = await at.admit(at.commentEvent('/agent fix', 'alice'));
  if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
  return admission.task;
}

const later = (at: GateFixture) => ({ ...at.gate, workflowRun: { id: 78, attempt: 1, url: 'https://x.test/78' } });

describe('an issue that is worked on', () => {
  it('is not given away: the second asker reads by whom, since when and until when', async () => {
    const at = gateFixture();
    const { runId } = await started(at);
    const second = await at.admit(at.commentEvent('/agent fix', 'bob'), later(at));
    expect(second).toMatchObject({ kind: 'refused', reason: 'claimed', commented: true });
    expect(at.written().at(-1)).toBe(
      `Already worked on by coder (run \`${runId}\`, since 14:02 UTC, until 15:02 UTC). \`/agent status\` shows it; \`/agent release\` frees it.`,
    );
  });

  it("is given away when its workflow run is over, and the dead run's comment is closed", async () => {
    const at = gateFixture();
    const dead = await started(at);
    at.forge.runs.set(77, { id: 77, attempt: 1, status: 'completed', conclusion: 'failure' });
    const next = await at.admit(at.commentEvent('/agent fix', 'bob'), later(at));
    expect(next).toMatchObject({ kind: 'admitted', task: { lease: { fence: 2 } } });
    const comments = at.written();
    expect(comments).toHaveLength(2);
    expect(comments[0]).toContain('### 🤖 coder failed');
    expect(comments[0]).toContain('A new run has taken over.');
    expect(comments[0]).toContain(dead.runId);
    expect(comments[1]).toContain('coder is working on this · fence 2');
  });

  it('is given away when the very workflow run is started again', async () => {
    const at = gateFixture();
    await started(at);
    at.forge.runs.set(77, { id: 77, attempt: 2, status: 'in_progress', conclusion: null });
    const again = { ...at.gate, workflowRun: { id: 77, attempt: 2, url: 'https://x.test/77' } };
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'), again)).toMatchObject({
      kind: 'admitted',
      task: { attempt: 2, lease: { fence: 2 } },
    });
  });

  it('stays with its run when GitHub will not tell about it, until the lease is over', async () => {
    const at = gateFixture();
    await started(at);
    at.forge.beforeCall = (name) => {
      if (!name.includes('/actions/runs/')) return;
      throw new EntropyError({ code: 'E204', message: 'no', fix: 'add actions: read' });
    };
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'), later(at))).toMatchObject({ reason: 'claimed' });
    at.forge.runs.delete(77);
    at.forge.beforeCall = undefined;
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'), later(at))).toMatchObject({ reason: 'claimed' });
    at.clock.advance(60 * 60_000 + 2_001);
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'), later(at))).toMatchObject({ kind: 'admitted' });
  });

  it('leaves an ended comment of the earlier run as it is', async () => {
    const at = gateFixture();
    const task = await started(at);
    const row = at.forge.allComments.find(({ snapshot }) => snapshot.id === task.trackingCommentId);
    const done = row?.snapshot.body.replace('is working on this · fence 1', 'opened #2 (draft)') ?? '';
    at.change(row?.snapshot as never, { body: done });
    at.forge.runs.set(77, { id: 77, attempt: 1, status: 'completed', conclusion: 'failure' });
    await at.admit(at.commentEvent('/agent fix', 'bob'), later(at));
    expect(at.written()[0]).toContain('opened #2');
  });

  it('is released again when the gate fails after it took the claim', async () => {
    const at = gateFixture();
    at.forge.beforeCall = (name) => {
      if (name === 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments') throw new Killed('no comment');
    };
    await expect(at.admit(at.commentEvent('/agent fix', 'alice'))).rejects.toThrow(Killed);
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'free', fence: 1 });
  });

  it('is released, and its tracking comment closed, when the gate fails later still', async () => {
    const at = gateFixture();
    await started(at);
    at.forge.runs.set(77, { id: 77, attempt: 1, status: 'completed', conclusion: 'failure' });
    let edits = 0;
    at.forge.beforeCall = (name) => {
      if (name.startsWith('PATCH') && edits++ === 0) throw new Killed('no edit');
    };
    const pending = at.admit(at.commentEvent('/agent fix', 'bob'), later(at));
    await expect(pending).rejects.toThrow(Killed);
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'free', fence: 2 });
    expect(at.written()[1]).toContain('The gate failed before the work began.');
  });

  it('tells whoever asked about the fault, once, and stays a fault', async () => {
    const at = gateFixture();
    const fault = new EntropyError({
      code: 'E205',
      message: 'cannot read the comments of issue #1: no answer',
      fix: 'x',
    });
    at.forge.beforeCall = (name) => {
      if (name.endsWith('/git/matching-refs/{ref}')) throw fault;
    };
    const event = at.commentEvent('/agent fix', 'alice');
    await expect(at.admit(event)).rejects.toBe(fault);
    await expect(at.admit(event)).rejects.toBe(fault);
    expect(at.written()).toHaveLength(1);
    expect(at.written()[0]).toContain('because of an error (E205)');
    expect(at.written()[0]).toContain('/actions/runs/77) says what to do.');
  });
});

describe('an open pull request of an agent', () => {
  it.each(['fix', 'retry'])('is what %s goes on with, on its own base', async (command) => {
    const at = gateFixture();
    const head = at.forge.git.commitFiles({ 'README.md': 'changed' });
    for (const name of ['agent/1/f1-first', 'agent/1/f12-second', 'agent/1/f3-third', 'agent/11/f99-other']) {
      at.forge.git.branches.set(name, head);
    }
    at.forge.git.branches.set('next', head);
    for (const [branch, base] of [
      ['agent/1/f3-third', 'main'],
      ['agent/1/f12-second', 'next'],
      ['agent/11/f99-other', 'main'],
    ] as const) {
      await at.forge.createPullRequest({ title: 't', body: '', head: branch, base, draft: true });
    }
    expect(await at.admit(at.commentEvent(`/agent ${command}`, 'alice'))).toMatchObject({
      task: { continues: { branch: 'agent/1/f12-second', headSha: head }, base: { branch: 'next' } },
    });
  });

  it('is left alone when another base is asked for', async () => {
    const at = gateFixture();
    const head = at.forge.git.commitFiles({ 'README.md': 'changed' });
    at.forge.git.branches.set('agent/1/f1-first', head);
    at.forge.git.branches.set('next', head);
    await at.forge.createPullRequest({ title: 't', body: '', head: 'agent/1/f1-first', base: 'main', draft: true });
    const admission = await at.admit(at.commentEvent('/agent fix --base next', 'alice'));
    expect(admission).toMatchObject({ kind: 'admitted', task: { base: { branch: 'next' } } });
    expect(admission.kind === 'admitted' && admission.task.continues).toBeUndefined();
  });

  it('is named with its issue to whoever commands on the pull request itself', async () => {
    const at = gateFixture();
    at.forge.git.branches.set('agent/7/f1-x', at.forge.git.commitFiles({ a: 'b' }));
    const pull = await at.forge.createPullRequest({
      title: 't',
      body: '',
      head: 'agent/7/f1-x',
      base: 'main',
      draft: true,
    });
    const number = pull.kind === 'created' ? pull.pull.number : 0;
    at.forge.seedIssue({ number, isPullRequest: true });
    const event = {
      kind: 'dispatch',
      issueNumber: number,
      command: 'fix',
      sender: { login: 'alice', kind: 'user' },
    } as const;
    expect(await at.admit({ ...event, command: 'plan' })).toMatchObject({ reason: 'pull-request' });
    expect(at.written()[0]).toContain('on issue #7');
  });
});

describe('/agent status, stop and release', () => {
  it('status tells who works, and that nobody does', async () => {
    const at = gateFixture();
    await at.admit(at.commentEvent('/agent status', 'alice'));
    expect(at.written()).toEqual(['Nobody works on this issue. `/agent fix` sends an agent.']);
    await started(at);
    await at.admit(at.commentEvent('/agent status', 'alice'));
    expect(at.written().at(-1)).toMatch(
      /^Worked on by coder \(run `01JD\d+`, since 14:02 UTC, until 15:02 UTC\), fence 1 \(\[log\]/,
    );
    at.forge.runs.set(77, { id: 77, attempt: 1, status: 'completed', conclusion: 'failure' });
    await at.admit(at.commentEvent('/agent status', 'alice'));
    expect(at.written().at(-1)).toContain('the next `/agent fix` takes over');
  });

  it('stop frees the claim, closes the comment, cancels the workflow run, and says so', async () => {
    const at = gateFixture();
    await started(at);
    expect(await at.admit(at.commentEvent('/agent stop', 'bob'))).toMatchObject({ kind: 'answered', what: 'stopped' });
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'free', fence: 1 });
    expect(at.forge.runs.get(77)).toMatchObject({ conclusion: 'cancelled' });
    expect(at.written()[0]).toContain('### 🤖 coder was stopped by `@bob`');
    expect(at.written()[1]).toContain('Its workflow run is being cancelled.');
  });

  it('stop is honest when the token may not cancel', async () => {
    const at = gateFixture();
    await started(at);
    at.forge.cancelWorkflowRun = async () => 'not-permitted';
    await at.admit(at.commentEvent('/agent stop', 'bob'));
    expect(at.written().at(-1)).toContain('the token lacks `actions: write` to cancel it');
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'free' });
  });

  it('stop and release say when there is nothing to do', async () => {
    const at = gateFixture();
    await at.admit(at.commentEvent('/agent stop', 'bob'));
    await at.admit(at.commentEvent('/agent release', 'bob'));
    expect(at.written()).toEqual([
      'Nothing to stop: no agent works on this issue. `/agent fix` sends an agent.',
      'Nothing to release: nobody holds this issue. `/agent fix` sends an agent.',
    ]);
  });

  it('stop leaves the claim of a person; release frees it', async () => {
    const at = gateFixture();
    await at.claims.acquire({
      key: at.key,
      holder: { owner: '@dave', runId: 'by-hand', kind: 'human', reason: 'mine' },
      leaseId: 'l',
      ttlMs: 1,
      holderIsDead: async () => false,
    });
    await at.admit(at.commentEvent('/agent stop', 'bob'));
    expect(at.written().at(-1)).toContain('held by `@dave` (since 14:02 UTC), not by an agent');
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'held' });
    await at.admit(at.commentEvent('/agent release', 'bob'));
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'free', fence: 1 });
  });

  it('help lists what there is, with the words that the repository chose', async () => {
    const at = gateFixture({ settings: { triggerPhrase: '@bot', labelTrigger: 'robot' } });
    await at.admit(at.commentEvent('@bot help', 'alice'));
    expect(at.written()[0]).toContain('| `@bot fix` |');
    expect(at.written()[0]).toContain('The label `robot`');
  });
});

describe('closing a run', () => {
  it('ends its comment and its claim, and a second time does nothing', async () => {
    const at = gateFixture();
    const run = openRunOfTask(await started(at));
    const end = { kind: 'stopped', reason: 'The job was cancelled.' } as const;
    expect(await closeRun(at.gate, run, end)).toEqual({ comment: 'closed', claim: 'released' });
    expect(at.written()[0]).toContain('was stopped');
    expect(await closeRun(at.gate, run, { kind: 'failed', reason: 'x', next: 'y' })).toEqual({
      comment: 'already-ended',
      claim: 'already-released',
    });
    expect(at.written()[0]).toContain('was stopped');
  });

  it('never frees the claim of the run that took over', async () => {
    const at = gateFixture();
    const run = openRunOfTask(await started(at));
    at.forge.runs.set(77, { id: 77, attempt: 1, status: 'completed', conclusion: 'failure' });
    await at.admit(at.commentEvent('/agent fix', 'bob'), later(at));
    expect(await closeRun(at.gate, run, { kind: 'stopped' })).toEqual({ comment: 'already-ended', claim: 'not-mine' });
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'held', fence: 2 });
  });

  it('does without the comment when somebody deleted it', async () => {
    const at = gateFixture();
    const task = await started(at);
    await at.forge.deleteComment(task.trackingCommentId);
    expect(await closeRun(at.gate, openRunOfTask(task), { kind: 'stopped' })).toEqual({
      comment: 'missing',
      claim: 'released',
    });
  });
});

describe('several askers at once', () => {
  it('start one run: all others are told that it is taken', async () => {
    const at = gateFixture();
    const events = ['alice', 'bob', 'mike', 'alice'].map((login) => at.commentEvent('/agent fix', login));
    const admissions = await Promise.all(events.map((event) => at.admit(event)));
    expect(admissions.map(({ kind }) => kind).sort()).toEqual(['admitted', 'refused', 'refused', 'refused']);
    expect(at.written().filter((text) => text.includes('is working on this'))).toHaveLength(1);
  });

  it('leave one refusal when two runs refuse the same person in the same moment', async () => {
    const at = gateFixture();
    const events = [at.commentEvent('/agent fix', 'carol'), at.commentEvent('/agent fix', 'carol')];
    await Promise.all(events.map((event) => at.admit(event)));
    expect(at.written()).toHaveLength(1);
  });
});
