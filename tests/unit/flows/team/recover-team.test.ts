import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../../src/domain/settings.ts';
import { recoverTeam } from '../../../../src/flows/team/recover-team.ts';
import { readLog, signal, type TeamScene, teamScene } from './team-scene.ts';

const later = (scene: TeamScene, body: string, author: string): number => {
  const { id } = scene.forge.seedComment(scene.issue, body, author);
  const row = scene.forge.allComments.find(({ snapshot }) => snapshot.id === id);
  if (row === undefined) throw new Error('no comment');
  row.snapshot = { ...row.snapshot, createdAt: new Date(scene.clock.now() + 1_000).toISOString() };
  return id;
};

async function asking(more: Parameters<typeof teamScene>[0] = {}): Promise<TeamScene> {
  const scene = await teamScene(more);
  const runId = await scene.begin();
  await scene.tell({ kind: 'ended', runId, result: { kind: 'read', questions: 1, blockedBy: [] } });
  await scene.release(runId);
  return scene;
}

describe('an answer that only a sweep hears of', () => {
  it.each([
    ['somebody who may start agents', 'alice', 'It is red.', 'pending'],
    ['a command, which answers nothing', 'alice', '/agent status', 'waiting'],
    ['the bot of somebody else', 'renovate[bot]', 'I have rebased it.', 'waiting'],
    ['one of our own comments', 'alice', '<!-- entropy:issue=1 fence=0 run=0 op=answer -->\nHello.', 'waiting'],
    ['a stranger', 'mallory', 'It is red.', 'waiting'],
  ])('is heard by the rule of the gate: %s', async (_name, author, body, state) => {
    const scene = await asking();
    later(scene, body, author);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state.kind).toBe(state);
  });

  it('may come of the issue’s author, whom nobody else lets in', async () => {
    const scene = await asking();
    const { record, id } = (await scene.forge.team.read(scene.issue)) ?? {};
    if (record === undefined || id === undefined) throw new Error('no team');
    const approval = { seen: 'digest', at: '2026-11-01T10:00:00Z' };
    await scene.forge.team.swap(scene.issue, { seen: id, record: { ...record, approval } });
    later(scene, 'It is red.', 'carol');
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state.kind).toBe('pending');
  });

  it('may come of somebody whom the settings name, though they may write nothing', async () => {
    const settings = async () => ({ ...defaultSettings, allowUsers: ['dora'] });
    const scene = await asking({ settings });
    later(scene, 'It is red.', 'dora');
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state.kind).toBe('pending');
  });

  it('is no command in the words that the repository chose', async () => {
    const settings = async () => ({ ...defaultSettings, triggerPhrase: '/bot' });
    const scene = await asking({ settings });
    later(scene, '/bot status', 'alice');
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state.kind).toBe('waiting');
  });
});

describe('what was closed', () => {
  const close = (scene: TeamScene, issue: number): void => {
    const found = scene.forge.issues.get(issue);
    if (found !== undefined) scene.forge.issues.set(issue, { ...found, state: 'closed' });
  };

  it('ends the team and the run that is at work, so that it publishes nothing', async () => {
    const scene = await teamScene();
    const runId = await scene.begin();
    close(scene, scene.issue);
    expect(await recoverTeam(scene.room, scene.issue, { signal })).toMatchObject({ what: 'issue-closed' });
    expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'closed' });
    expect(await scene.claims.read(scene.claimKey())).toMatchObject({ state: 'free', holder: { runId } });
  });

  it('ends a team that waits for a run to begin', async () => {
    const scene = await teamScene();
    close(scene, scene.issue);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'closed', what: 'the issue was closed' });
    expect(scene.started).toEqual([]);
  });

  it('is its pull request, while the tester works', async () => {
    const scene = await teamScene();
    const pullRequest = scene.openPull();
    for (const result of [
      { kind: 'read', questions: 0, blockedBy: [] },
      { kind: 'changed', pullRequest, headSha: 'a'.repeat(40), answers: [] },
    ] as const) {
      const runId = await scene.begin();
      await scene.tell({ kind: 'ended', runId, result });
      await scene.release(runId);
    }
    await scene.begin();
    const key = scene.claimKey();
    expect(key).toContain('verification');
    const [pull] = scene.forge.pulls;
    if (pull !== undefined) scene.forge.pulls[0] = { ...pull, state: 'closed', merged: true };
    expect(await recoverTeam(scene.room, scene.issue, { signal })).toMatchObject({ what: 'pull-closed' });
    expect((await scene.record()).state).toMatchObject({
      kind: 'over',
      what: `pull request #${pullRequest} was merged`,
    });
    expect(await scene.claims.read(key)).toMatchObject({ state: 'free' });
  });

  it('ends it as well when the issue is deleted', async () => {
    const scene = await teamScene();
    scene.forge.issues.delete(scene.issue);
    await recoverTeam(scene.room, scene.issue, { signal });
    expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'closed' });
  });
});

describe('a blocker', () => {
  it('that is gone counts as closed, and that is told', async () => {
    const scene = await teamScene();
    const other = scene.forge.seedIssue();
    const runId = await scene.begin();
    await scene.tell({ kind: 'ended', runId, result: { kind: 'read', questions: 0, blockedBy: [other] } });
    await scene.release(runId);
    scene.forge.issues.delete(other);
    expect(await recoverTeam(scene.room, scene.issue, { signal })).toMatchObject({ what: 'blockers-closed' });
    expect(await scene.record()).toMatchObject({ stage: 'code', state: { kind: 'pending' } });
    expect(readLog(await scene.record())).toContain(`no longer there, which counts as closed: #${other}`);
  });
});

it('speaks with the phrase that the repository chose', async () => {
  const settings = async () => ({ ...defaultSettings, triggerPhrase: '/bot' });
  const scene = await asking({ settings });
  await recoverTeam(scene.room, scene.issue, { signal });
  const text = scene.forge.allComments.map(({ snapshot }) => snapshot.body).join('\n');
  expect(text).toContain('`/bot fix`');
  expect(text).not.toContain('/agent');
});

it('leaves a step alone that stands in line, where it is woken', async () => {
  const scene = await teamScene();
  const { state } = await scene.record();
  if (state.kind !== 'pending') throw new Error('nothing is pending');
  await scene.tell({ kind: 'no-room', step: state.step.id, place: 'in-line' });
  scene.clock.advance(6 * 60 * 60_000);
  await recoverTeam(scene.room, scene.issue, { signal });
  expect(scene.started).toEqual([]);
  scene.clock.advance(7 * 60 * 60_000);
  await recoverTeam(scene.room, scene.issue, { signal });
  expect(scene.started).toHaveLength(1);
});
