import { describe, expect, it } from 'vitest';
import { looksAtChecks } from '../../../../src/domain/stages/looks-at-checks.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { endlessAfterMs } from '../../../../src/flows/team/look-at-checks.ts';
import { recoverTeam } from '../../../../src/flows/team/recover-team.ts';
import type { CheckInfo } from '../../../../src/ports/forge-checks.ts';
import { actionsLog } from '../../../fakes/actions-log.ts';
import { sampleCheck } from '../../../fakes/fake-checks.ts';
import { signal, type TeamScene, teamScene } from './team-scene.ts';

const head = 'a'.repeat(40);
const green = sampleCheck({ name: 'test', conclusion: 'success' });
const open = sampleCheck({ id: 2, name: 'deploy', status: 'queued', conclusion: undefined });

/** A team that waits for the checks of its pull request. */
async function waitingTeam(checks: readonly CheckInfo[], more: Partial<TeamRecord> = {}): Promise<TeamScene> {
  const scene = await teamScene();
  const pullRequest = scene.openPull();
  const stored = await scene.forge.team.read(scene.issue);
  if (stored === undefined) throw new Error('no team');
  const state = { kind: 'waiting', for: 'checks', what: 'the checks' } as const;
  const at = { stage: 'ready', state, pullRequest, headSha: head, verdict: 'confirmed' } as const;
  const history = [{ stage: 'review', round: 1, what: 'no findings', at: scene.clock.now() }] as const;
  await scene.forge.team.swap(scene.issue, { seen: stored.id, record: { ...stored.record, ...at, history, ...more } });
  scene.forge.checks.bySha.set(head, checks);
  return scene;
}

async function look(scene: TeamScene): Promise<TeamRecord> {
  await recoverTeam(scene.room, scene.issue, { signal });
  return scene.record();
}

/** The same, with time going on whenever somebody waits. */
async function lookPatiently(scene: TeamScene): Promise<TeamRecord> {
  let isDone = false;
  const looked = look(scene).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    scene.clock.advance(scene.clock.untilNext() ?? 0);
  }
  return looked;
}

function onBase({ forge }: TeamScene, checks: readonly CheckInfo[]): void {
  forge.checks.bySha.set(forge.git.branches.get('main') ?? '', checks);
}

const last = ({ history }: TeamRecord): string => history.at(-1)?.what ?? '';

describe('checks of a team’s pull request', () => {
  it('that fail send the coder back with what the log tells, whoever looks', async () => {
    const scene = await waitingTeam([sampleCheck({ jobId: 7 })]);
    scene.forge.checks.logs.set(7, actionsLog({ output: 'AssertionError: expected one to be two' }));
    const record = await look(scene);
    expect(record).toMatchObject({ stage: 'address', round: 2 });
    expect(JSON.stringify(record.reasons)).toContain('expected one to be two');
  });

  it.each(['cancelled', 'stale', 'action_required'])(
    'that end %s send nobody back, and are told when it is ready',
    async (conclusion) => {
      const record = await look(await waitingTeam([green, sampleCheck({ id: 2, conclusion })]));
      expect(record.state).toMatchObject({ kind: 'over', how: 'ready' });
      expect(last(record)).toContain('said nothing: build');
    },
  );

  it('that were cancelled for a run of the same name that passed are not spoken of', async () => {
    const record = await look(await waitingTeam([green, { ...green, id: 2, conclusion: 'cancelled' }]));
    expect(last(record)).toBe('ready: the checks passed');
  });

  it('that fail on the base as well send nobody back, and are told when it is ready', async () => {
    const scene = await waitingTeam([green, sampleCheck({ id: 2 })]);
    onBase(scene, [sampleCheck({ id: 9 })]);
    const record = await look(scene);
    expect(record.state).toMatchObject({ kind: 'over', how: 'ready' });
    expect(last(record)).toContain('fails on the base as well: build');
  });

  it('that are runs of our own are neither waited for nor counted', async () => {
    const ours = sampleCheck({ id: 2, name: 'agent / publish', status: 'in_progress', conclusion: undefined });
    const review = sampleCheck({ id: 3, name: 'review', jobId: 3 });
    const scene = await waitingTeam([green, ours, review]);
    const step = { name: 'Run entropy-playground/reviewer@v1', failed: true } as const;
    scene.forge.checks.steps.set(3, [{ ...step, startedAt: undefined, completedAt: undefined }]);
    expect(last(await look(scene))).toBe('ready: the checks passed');
  });

  it('that do not end in hours make a person be asked, once; what they say later still counts', async () => {
    const scene = await waitingTeam([green, open]);
    expect((await look(scene)).state).toMatchObject({ for: 'checks' });
    scene.clock.advance(endlessAfterMs);
    const asked = await look(scene);
    expect(asked.state).toMatchObject({ kind: 'waiting', for: 'person', what: expect.stringContaining('deploy') });
    expect(await look(scene)).toEqual(asked);
    scene.forge.checks.bySha.set(head, [green, { ...open, status: 'completed', conclusion: 'success' }]);
    expect((await look(scene)).state).toMatchObject({ kind: 'over', how: 'ready' });
  });

  it('that do not end are gone past by who sends the team on, and others are still waited for', async () => {
    const scene = await waitingTeam([green, open]);
    scene.clock.advance(endlessAfterMs);
    await look(scene);
    const other = { ...open, id: 3, name: 'lint' };
    scene.forge.checks.bySha.set(head, [green, open, other]);
    await scene.tell({ kind: 'resumed', by: 'alice' });
    expect((await look(scene)).state).toMatchObject({ for: 'checks' });
    scene.forge.checks.bySha.set(head, [green, open, { ...other, status: 'completed', conclusion: 'success' }]);
    const record = await look(scene);
    expect(record.state).toMatchObject({ kind: 'over', how: 'ready' });
    expect(last(record)).toContain('has not ended: deploy');
  });

  it('that never ended are forgotten with the next round, and when a person is asked about something else', async () => {
    const scene = await waitingTeam([sampleCheck()], { unended: ['deploy'] });
    expect((await look(scene)).unended).toBeUndefined();
    const spent = await look(await waitingTeam([sampleCheck()], { unended: ['deploy'], maxRounds: 1 }));
    expect(spent.state).toMatchObject({ for: 'person' });
    expect(looksAtChecks(spent)).toBe(false);
  });
});

describe('a pull request that cannot be merged into its base', () => {
  it('is never ready: the coder is sent for the conflict, whatever old checks say', async () => {
    const scene = await waitingTeam([green]);
    const [pull] = scene.forge.pulls;
    if (pull === undefined) throw new Error('no pull request');
    const { git } = scene.forge;
    const main = git.branches.get('main') ?? '';
    const commitOn = async (parent: string, content: string): Promise<string> => {
      const entries = [{ kind: 'text', path: 'README.md', mode: '100644', content }] as const;
      const treeSha = await scene.forge.createTree(git.commit(parent).treeSha, entries);
      return (await scene.forge.createCommit({ message: content, treeSha, parents: [parent] })).sha;
    };
    const headSha = await commitOn(main, 'ours');
    git.branches.set('main', await commitOn(main, 'theirs'));
    scene.forge.pulls[0] = { ...pull, headSha, mergeable: 'conflicts' };
    const stored = await scene.forge.team.read(scene.issue);
    if (stored === undefined) throw new Error('no team');
    await scene.forge.team.swap(scene.issue, { seen: stored.id, record: { ...stored.record, headSha } });
    scene.forge.checks.bySha.set(headSha, [green]);
    const record = await look(scene);
    expect(record).toMatchObject({ stage: 'address', round: 2, reasons: [{ kind: 'conflict', paths: ['README.md'] }] });
    expect(scene.forge.pulls[0]?.draft).toBe(true);
  });

  it('is looked at again while GitHub does not tell', async () => {
    const scene = await waitingTeam([green]);
    const [pull] = scene.forge.pulls;
    if (pull === undefined) throw new Error('no pull request');
    scene.forge.pulls[0] = { ...pull, mergeable: 'unknown' };
    expect((await lookPatiently(scene)).state).toMatchObject({ for: 'checks' });
    scene.forge.pulls[0] = { ...pull, mergeable: 'yes' };
    expect((await look(scene)).state).toMatchObject({ kind: 'over', how: 'ready' });
  });
});
