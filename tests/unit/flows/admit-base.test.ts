import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/domain/task.ts';
import type { TriggerEvent } from '../../../src/domain/trigger-event.ts';
import type { Admission } from '../../../src/flows/gate.ts';
import { type GateFixture, type GateFixtureOptions, gateFixture } from './admit-event.fixture.ts';

const event: TriggerEvent = {
  kind: 'dispatch',
  issueNumber: 1,
  command: 'fix --budget 900usd',
  step: 'base',
  sender: { login: 'github-actions[bot]', kind: 'bot' },
};

function taskOf(admission: Admission): Task {
  if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
  return admission.task;
}

/** Somebody changes on main what the agent's open pull request changes. */
function baseGoesOn(at: GateFixture, content: string): void {
  const { git } = at.forge;
  const main = git.branches.get('main') ?? '';
  git.branches.set('main', git.commitFiles({ 'README.md': '# slug\n', 'src/word.ts': `${content}\n` }, [main]));
}

async function conflicting({ askedBy = 'bob', ...options }: GateFixtureOptions & { readonly askedBy?: string } = {}) {
  const at = gateFixture(options);
  const pull = at.openPull({ branch: 'agent/1/f1-x' });
  const says = (mergeable: 'yes' | 'conflicts') => {
    const index = at.forge.pulls.findIndex(({ number }) => number === pull);
    const found = at.forge.pulls[index];
    if (found !== undefined) at.forge.pulls[index] = { ...found, mergeable };
  };
  says('conflicts');
  baseGoesOn(at, 'theirs');
  const holder = { owner: 'coder/x', runId: 'x', kind: 'agent', reason: 'fix', askedBy } as const;
  const asking = { key: at.key, holder, leaseId: 'l', ttlMs: 60_000, holderIsDead: async () => false };
  const claim = await at.claims.acquire(asking);
  if (claim.kind === 'granted') await at.claims.release(claim.lease);
  return { at, pull, says };
}

describe('a base that conflicts with an agent’s pull request', () => {
  it('sends its coder for whoever had asked, to merge, with the limits of everybody, and says why', async () => {
    const { at, pull } = await conflicting();
    const task = taskOf(await at.admit(event));
    const main = at.forge.git.branches.get('main') ?? '';
    expect(task).toMatchObject({
      work: 'change',
      requestedBy: { login: 'bob' },
      base: { sha: main },
      continues: { pullRequest: pull, mergeOf: { bothChanged: ['src/word.ts'] } },
      brief: { reasons: [{ kind: 'conflict', baseSha: main }] },
    });
    expect(task.budget.maxCostMicroUsd).toBeLessThan(900_000_000);
    expect(at.written().at(-1)).toBe(
      `\`main\` has gone on to \`${main.slice(0, 12)}\`, and git cannot merge pull request #${pull} with it any more. Its coder brings both sides together now.`,
    );
  });

  it('sends it once for each pair of commits', async () => {
    const { at } = await conflicting();
    await at.claims.release(taskOf(await at.admit(event)).lease);
    const before = at.written().length;
    expect(await at.admit(event)).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toHaveLength(before);
    baseGoesOn(at, 'theirs, once more');
    taskOf(await at.admit(event));
  });

  it('is left to a person after as many runs as the policy has rounds, which is said once', async () => {
    const { at } = await conflicting({ settings: { teamRounds: 1 } });
    for (const content of ['one', 'two']) {
      baseGoesOn(at, content);
      await at.claims.release(taskOf(await at.admit(event)).lease);
    }
    baseGoesOn(at, 'three');
    expect(await at.admit(event)).toMatchObject({ reason: 'budget', commented: true });
    expect(at.written().at(-1)).toContain('a person has to look now');
    const before = at.written().length;
    expect(await at.admit(event)).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toHaveLength(before);
  });

  it.each([
    ['the repository does not want it', { settings: { automaticBase: false } }],
    ['whoever asked for the work may not any more', { askedBy: 'carol' }],
  ])('sends nobody where %s', async (_why, options) => {
    const { at } = await conflicting(options);
    expect(await at.admit(event)).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });

  it('sends nobody when GitHub can merge by now, or the pull request is closed by now', async () => {
    const { at, pull, says } = await conflicting();
    says('yes');
    expect(await at.admit(event)).toMatchObject({ kind: 'ignored' });
    says('conflicts');
    await at.forge.updatePullRequest(pull, { state: 'closed' });
    expect(await at.admit(event)).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });

  it('of a push asks for nothing by itself', async () => {
    const { at } = await conflicting();
    const pushed: TriggerEvent = { kind: 'pushed', branch: 'main', sender: { login: 'bob', kind: 'user' } };
    expect(await at.admit(pushed)).toMatchObject({ kind: 'ignored' });
  });
});
