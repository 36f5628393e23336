import { describe, expect, it } from 'vitest';
import { beginStep, goesBefore, holdUp } from '../../../../src/flows/team/begin-step.ts';
import { readLog, signal, type TeamScene, teamScene } from './team-scene.ts';

async function stepOf(scene: TeamScene): Promise<string> {
  const { state } = await scene.record();
  if (state.kind !== 'pending') throw new Error('nothing is pending');
  return state.step.id;
}

describe('a step', () => {
  it('is begun by one of many runs, whose name the record keeps', async () => {
    const scene = await teamScene();
    const step = await stepOf(scene);
    const runs = [1, 2, 3, 4, 5].map((fence) => ({ issue: scene.issue, step, runId: `r${fence}`, fence }));
    const begun = await Promise.all(runs.map((run) => beginStep(scene.room, run)));
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    const winner = runs[begun.findIndex(({ kind }) => kind === 'begun')];
    expect((await scene.record()).state).toMatchObject({ kind: 'running', runId: winner?.runId, fence: winner?.fence });
  });

  it('is begun once more by the same run, which asks again after a fault', async () => {
    const scene = await teamScene();
    const run = { issue: scene.issue, step: await stepOf(scene), runId: 'r1', fence: 1 };
    expect((await beginStep(scene.room, run)).kind).toBe('begun');
    expect((await beginStep(scene.room, run)).kind).toBe('begun');
  });

  it.each([
    ['another step than the one that is wanted', { step: 'step99' }],
    ['an issue that has no team', { issue: 4_000 }],
  ])('is not begun for %s', async (_name, change) => {
    const scene = await teamScene();
    const run = { issue: scene.issue, step: await stepOf(scene), runId: 'r1', fence: 1, ...change };
    expect(await beginStep(scene.room, run)).toEqual({ kind: 'not-pending' });
    expect((await scene.record()).state.kind).toBe('pending');
  });
});

describe('a step that has to wait for other work', () => {
  const before = [{ issue: 77, shared: ['src/a.js', 'src/b.js'] }];

  it('is no reader’s, for it writes no file', async () => {
    const scene = await teamScene();
    expect(await goesBefore(scene.room, await scene.record())).toEqual([]);
    expect(await holdUp(scene.room, { record: await scene.record(), before }, signal)).toBe(false);
    expect((await scene.record()).state.kind).toBe('pending');
  });

  it('says on the issue for whom, and about which files', async () => {
    const scene = await teamScene();
    const runId = await scene.begin();
    await scene.tell({ kind: 'ended', runId, result: { kind: 'read', questions: 0, blockedBy: [] } });
    expect(await holdUp(scene.room, { record: await scene.record(), before }, signal)).toBe(true);
    expect((await scene.record()).state).toMatchObject({ kind: 'waiting', for: 'blockers', on: [77] });
    expect(readLog(await scene.record())).toContain('work that runs touches the same files: src/a.js, src/b.js');
    expect(scene.forge.allComments.map(({ snapshot }) => snapshot.body).join()).toContain('#77');
  });

  it('is not held up when somebody has begun it meanwhile', async () => {
    const scene = await teamScene();
    const record = await scene.record();
    await scene.begin();
    expect(await holdUp(scene.room, { record, before }, signal)).toBe(false);
    expect((await scene.record()).state.kind).toBe('running');
  });
});
