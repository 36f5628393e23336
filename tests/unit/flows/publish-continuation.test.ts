import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/domain/task.ts';
import type { Remerge } from '../../../src/flows/publish-run.ts';
import { manifestOn, type PublishScene, publishScene, readyResult } from '../../fakes/publish-scene.ts';

const branch = 'agent/1/f0-earlier';
const kept = 'agent/1/f1-keep-last-word';
const passed = { command: 'npm test', exitCode: 0, timedOut: false, durationMs: 1_000, output: 'ok' };

interface Continued {
  readonly scene: PublishScene;
  readonly task: Task;
  readonly result: ReturnType<typeof readyResult>;
  /** Somebody else's commit on the branch. */
  push(): string;
}

async function continued(): Promise<Continued> {
  const scene = await publishScene();
  const { forge } = scene;
  const headSha = forge.git.commitFiles({ 'a.txt': 'one\n', 'b.txt': 'b\n' }, [scene.task.base.sha]);
  forge.git.branches.set(branch, headSha);
  const created = await forge.createPullRequest({ title: 'T', body: 'B', head: branch, base: 'main', draft: false });
  const pullRequest = created.kind === 'created' ? created.pull.number : 0;
  let pushes = 0;
  return {
    scene,
    task: { ...scene.task, continues: { branch, headSha, pullRequest } },
    result: readyResult(manifestOn(forge, headSha, { 'a.txt': 'two\n' })),
    push: () => {
      pushes += 1;
      const head = forge.git.branches.get(branch) ?? '';
      const sha = forge.git.commitFiles({ ...forge.git.filesAt(head), 'b.txt': `pushed ${pushes}\n` }, [head]);
      forge.git.branches.set(branch, sha);
      return sha;
    },
  };
}

/** Merges as git would where both sides changed different files. */
const mergeIn =
  (scene: PublishScene, tests = passed): Remerge =>
  async (_patch, newHead) => ({
    kind: 'merged',
    manifest: manifestOn(scene.forge, newHead, { 'a.txt': 'two\n' }),
    tests,
  });

describe('going on with a branch', () => {
  it('adds one commit to it and tells the pull request', async () => {
    const { scene, task, result } = await continued();
    const report = await scene.publish(result, { task });
    expect(report).toMatchObject({ outcome: 'succeeded', branch, pullRequest: { number: 2 } });
    expect(scene.forge.filesOf(branch)).toEqual({ 'a.txt': 'two\n', 'b.txt': 'b\n' });
    expect(scene.forge.git.commit(report.headSha ?? '').parents).toEqual([task.continues?.headSha]);
    expect(scene.forge.pulls[0]?.body).toMatch(/^B\n\n<!-- entropy:.* op=update -->\n\n---\n\n## Update by run/);
    expect(scene.comment()).toContain('coder updated #2');
  });

  it('merges with what somebody pushed, tests that, and never forces', async () => {
    const { scene, task, result, push } = await continued();
    const pushed = push();
    const report = await scene.publish(result, { task, remerge: mergeIn(scene) });
    expect(report).toMatchObject({ outcome: 'succeeded' });
    expect(scene.forge.filesOf(branch)).toEqual({ 'a.txt': 'two\n', 'b.txt': 'pushed 1\n' });
    expect(scene.forge.git.commit(report.headSha ?? '').parents).toEqual([pushed]);
    expect(scene.forge.pulls[0]?.body).toContain('merged with what was pushed meanwhile');
  });

  it('tries again when the branch moves between its look and its write, three times at most', async () => {
    for (const [moves, outcome] of [
      [2, 'succeeded'],
      [3, 'blocked'],
    ] as const) {
      const { scene, task, result, push } = await continued();
      let moved = 0;
      scene.forge.beforeCall = (name) => {
        if (!name.startsWith('PATCH') || !name.endsWith('/git/refs/{ref}') || moved >= moves) return;
        moved += 1;
        push();
      };
      const report = await scene.publish(result, { task, remerge: mergeIn(scene) });
      expect(report.outcome).toBe(outcome);
      expect(scene.forge.filesOf(branch)['b.txt']).toBe(`pushed ${moves}\n`);
    }
  });

  it.each<readonly [string, Remerge | undefined, string]>([
    ['there is a conflict', async () => ({ kind: 'conflict', paths: ['a.txt'] }), 'Both changed a.txt'],
    ['nothing can be merged here', async () => ({ kind: 'unavailable', reason: 'no sandbox' }), 'no sandbox'],
    ['the job runs no code of the repository', undefined, 'cannot merge and test'],
  ])('keeps the work on a branch beside it when %s', async (_, remerge, words) => {
    const { scene, task, result, push } = await continued();
    const pushed = push();
    const report = await scene.publish(result, { task, ...(remerge === undefined ? {} : { remerge }) });
    expect(report).toMatchObject({ outcome: 'blocked', branch: kept, error: { code: 'E604' } });
    expect(scene.forge.git.branches.get(branch)).toBe(pushed);
    expect(scene.forge.filesOf(kept)).toEqual({ 'a.txt': 'two\n', 'b.txt': 'b\n' });
    expect(scene.forge.pulls).toHaveLength(1);
    for (const part of ['is blocked', words, kept]) expect(scene.comment()).toContain(part);
    // A second try changes nothing.
    expect(await scene.publish(result, { task, ...(remerge === undefined ? {} : { remerge }) })).toEqual(report);
  });

  it('keeps the work beside it when a person has to be asked about the merge, and not about the work itself', async () => {
    const { scene, task, result, push } = await continued();
    const pushed = push();
    const reviewing = { ...task, patchPolicy: { ...task.patchPolicy, reviewPaths: ['src/**'] } };
    const remerge: Remerge = async (_patch, newHead) => ({
      kind: 'merged',
      manifest: manifestOn(scene.forge, newHead, { 'a.txt': 'two\n', 'src/new.ts': 'x\n' }),
      tests: passed,
    });
    const report = await scene.publish(result, { task: reviewing, remerge });
    expect(report).toMatchObject({ outcome: 'blocked', branch: kept, error: { code: 'E604' } });
    expect(report.reason).toContain('src/new.ts (review required: src/**)');
    expect(scene.forge.git.branches.get(branch)).toBe(pushed);
    expect(scene.forge.filesOf(kept)).toEqual({ 'a.txt': 'two\n', 'b.txt': 'b\n' });
  });

  it('keeps the work beside it when the tests fail on the merge', async () => {
    const { scene, task, result, push } = await continued();
    push();
    const failing = { ...passed, exitCode: 1, output: '3 failed' };
    const before = { ...passed, output: 'ok' };
    const report = await scene.publish({ ...result, testsBefore: before }, { task, remerge: mergeIn(scene, failing) });
    expect(report).toMatchObject({ outcome: 'blocked', branch: kept });
    expect(scene.comment()).toContain('failed with exit code 1');
  });

  it('checks the merge like any patch', async () => {
    const { scene, task, result, push } = await continued();
    push();
    const remerge: Remerge = async (_patch, newHead) => ({
      kind: 'merged',
      manifest: manifestOn(scene.forge, newHead, { '.github/workflows/x.yml': 'x\n' }),
    });
    expect(await scene.publish(result, { task, remerge })).toMatchObject({
      outcome: 'blocked',
      error: { code: 'E600' },
    });
  });

  it('is done when what was pushed holds the change already', async () => {
    const { scene, task, result, push } = await continued();
    const pushed = push();
    const report = await scene.publish(result, { task, remerge: async () => ({ kind: 'nothing-left' }) });
    expect(report).toMatchObject({ outcome: 'succeeded', headSha: pushed });
  });

  it('opens nothing when a person closed the pull request or deleted the branch', async () => {
    const closed = await continued();
    const [pull] = closed.scene.forge.pulls;
    if (pull !== undefined) closed.scene.forge.pulls[0] = { ...pull, state: 'closed' };
    expect(await closed.scene.publish(closed.result, { task: closed.task })).toMatchObject({
      outcome: 'blocked',
      branch: kept,
    });
    expect(closed.scene.forge.pulls).toHaveLength(1);

    const gone = await continued();
    gone.scene.forge.git.branches.delete(branch);
    expect(await gone.scene.publish(gone.result, { task: gone.task })).toMatchObject({
      outcome: 'blocked',
      branch: kept,
    });
  });
});
