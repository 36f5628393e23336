import { describe, expect, it } from 'vitest';
import { issueClaimKey } from '../../../src/domain/claim.ts';
import { defaultSettings, type Settings } from '../../../src/domain/settings.ts';
import { startMerges } from '../../../src/flows/address/start-merges.ts';
import { openTeamRoom } from '../../../src/flows/team/open-team-room.ts';
import type { PullRequestInfo } from '../../../src/ports/forge.ts';
import type { StepToStart } from '../../../src/ports/step-starter.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { instantClock } from '../../fakes/instant-clock.ts';
import { memoryClaimStore } from '../../fakes/memory-claim-store.ts';

interface Room {
  readonly settings?: Partial<Settings>;
  /** Whoever asked for the work on each issue. */
  readonly askedBy?: string;
}

/** An own pull request for each issue from 1 on, and what GitHub says of it, one answer after the other. */
async function scene(
  told: readonly (readonly PullRequestInfo['mergeable'][])[],
  { settings, askedBy = 'bob' }: Room = {},
) {
  const forge = new FakeForge({ permissions: { bob: 'write', carol: 'read' } });
  const clock = instantClock();
  const claims = memoryClaimStore(clock);
  const numbers: number[] = [];
  const answers = new Map<number, PullRequestInfo['mergeable'][]>();
  for (const [at, says] of told.entries()) {
    const issue = forge.seedIssue();
    const head = `agent/${issue}/f1-x`;
    await forge.createBranch(
      head,
      forge.git.commitFiles({ [`${at}.md`]: 'x\n' }, [forge.git.branches.get('main') ?? '']),
    );
    const made = await forge.createPullRequest({ title: 'x', body: '', head, base: 'main', draft: false });
    if (made.kind !== 'created') throw new Error('no pull request');
    numbers.push(made.pull.number);
    answers.set(made.pull.number, [...says]);
    const key = issueClaimKey('octo', 'slug', issue);
    const holder = { owner: 'coder/x', runId: 'x', kind: 'agent', reason: 'fix', askedBy } as const;
    const claim = await claims.acquire({ key, holder, leaseId: 'l', ttlMs: 60_000, holderIsDead: async () => false });
    if (claim.kind === 'granted') await claims.release(claim.lease);
  }
  const read = forge.pullRequest.bind(forge);
  forge.pullRequest = async (number) => {
    const says = answers.get(number) ?? [];
    const mergeable = says.length > 1 ? says.shift() : says[0];
    const found = await read(number);
    return found && mergeable && { ...found, mergeable };
  };
  const started: StepToStart[] = [];
  const room = openTeamRoom({
    ...{ forge, claims, clock, newId: () => 'id', log: () => {}, scanner: undefined },
    ...{ checksPatienceMs: 0, holderIsDead: async () => false, books: undefined },
    starter: {
      start: async (step) => {
        started.push(step);
        return { kind: 'started' };
      },
    },
    settings: async () => ({ ...defaultSettings, ...settings }),
  });
  const look = async (branch?: string) => {
    forge.calls.length = 0;
    const looked = await startMerges(room, branch, AbortSignal.timeout(60_000));
    return looked.map(({ what }) => what);
  };
  return { forge, claims, clock, started, look, numbers };
}

describe('a base that went on', () => {
  it('has the coder of each own pull request asked for that GitHub cannot merge, and of no other', async () => {
    const at = await scene([['unknown', 'conflicts'], ['yes'], ['conflicts']]);
    at.forge.pulls.push({ ...(at.forge.pulls[0] as PullRequestInfo), number: 90, headBranch: 'feature' });
    at.forge.pulls.push({ ...(at.forge.pulls[0] as PullRequestInfo), number: 91, fromFork: true });
    expect(await at.look('main')).toEqual(['started', 'merges', 'started']);
    expect(at.started.map(({ issue, step }) => [issue, step.id, step.command])).toEqual([
      [1, 'base', 'fix'],
      [5, 'base', 'fix'],
    ]);
    expect(await at.look('release')).toEqual([]);
  });

  it('costs one request where no agent waits for a merge', async () => {
    const at = await scene([]);
    expect(await at.look('main')).toEqual([]);
    expect(at.forge.calls).toHaveLength(1);
  });

  it('is waited for once, however many pull requests GitHub says nothing of', async () => {
    const at = await scene([['unknown'], ['unknown'], ['unknown']]);
    expect(await at.look()).toEqual(['untold', 'untold', 'untold']);
    expect(at.clock.monotonic()).toBe(15_000);
    expect(at.started).toEqual([]);
  });

  it.each([
    ['the repository does not want it', { settings: { automaticBase: false } }, []],
    ['whoever asked for the work may not any more', { askedBy: 'carol' }, ['nobody-asks']],
  ] as const)('asks for nobody where %s', async (_why, room, what) => {
    const at = await scene([['conflicts']], room);
    expect(await at.look()).toEqual(what);
    expect(at.started).toEqual([]);
  });

  it('asks for nobody while somebody works on it, nor for the same two commits again', async () => {
    const at = await scene([['conflicts']]);
    const key = issueClaimKey('octo', 'slug', 1);
    const holder = { owner: 'coder/y', runId: 'y', kind: 'agent', reason: 'fix', askedBy: 'bob' } as const;
    const taken = await at.claims.acquire({
      key,
      holder,
      leaseId: 'm',
      ttlMs: 60_000,
      holderIsDead: async () => false,
    });
    expect(await at.look()).toEqual(['busy']);
    if (taken.kind === 'granted') await at.claims.release(taken.lease);
    const [base, head] = ['main', 'agent/1/f1-x'].map((branch) => at.forge.git.branches.get(branch)?.slice(0, 16));
    const mark = `<!-- entropy:issue=1 fence=2 run=y op=base-${base}-${head} -->\nIt conflicts.`;
    const foreign = at.forge.seedComment(1, mark, 'mallory');
    // Anybody can write down our mark.
    expect(await at.look()).toEqual(['started']);
    await at.forge.deleteComment(foreign.id);
    at.forge.seedComment(1, mark, at.forge.login);
    expect(await at.look()).toEqual(['told-before']);
    expect(at.started).toHaveLength(1);
  });
});
