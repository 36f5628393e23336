import { describe, expect, it } from 'vitest';
import { parseUnfinished } from '../../../src/flows/unfinished-schema.ts';
import { type Change, manifestOn, type PublishScene, publishScene, readyResult } from '../../fakes/publish-scene.ts';

const half: Change = { 'src/slugify.ts': 'half\n' };

function stopped(scene: PublishScene, change: Change = half) {
  const patch = manifestOn(scene.forge, scene.task.base.sha, change);
  const { submission: _none, ...rest } = readyResult(patch, {
    outcome: 'cancelled',
    reason: 'stopped',
    memory: 'Half.',
  });
  return rest;
}

async function kept(scene: PublishScene) {
  const text = scene.forge.unfinishedTexts.get(1)?.text;
  return text === undefined ? undefined : parseUnfinished(text);
}

describe('the work in progress of a run that ended without a hand-over', () => {
  it('is a commit under a hidden ref, and the comment says where', async () => {
    const scene = await publishScene();
    expect(await scene.publish(stopped(scene))).toMatchObject({ outcome: 'cancelled' });
    const work = await kept(scene);
    expect(work).toMatchObject({ issue: 1, fence: 1, memory: 'Half.', patch: { files: [{ path: 'src/slugify.ts' }] } });
    expect(scene.forge.git.filesAt(work?.commit ?? '')['src/slugify.ts']).toBe('half\n');
    expect([...scene.forge.git.branches.keys()]).toEqual(['main']);
    expect(scene.comment()).toContain(`(https://github.com/octo/slug/commit/${work?.commit})`);
    expect(scene.comment()).toContain('`/agent retry` goes on from it');
  });

  it('is saved and told once, when somebody has stopped the run and closed its comment already', async () => {
    const scene = await publishScene();
    await scene.claims.release(scene.task.lease);
    const id = scene.task.trackingCommentId;
    const [mark = ''] = scene.comment().split('\n', 1);
    await scene.forge.updateComment(id, `${mark}\n### 🤖 coder was stopped by \`@alice\`\n`);
    for (let time = 0; time < 2; time += 1) {
      expect(await scene.publish(stopped(scene))).toMatchObject({ outcome: 'cancelled' });
    }
    expect(await kept(scene)).toBeDefined();
    expect(scene.comment()).toContain('was stopped by `@alice`');
    expect(scene.comment().match(/is saved as/g)).toHaveLength(1);
    expect(scene.forge.pulls).toEqual([]);
  });

  it('is not kept when it breaks a rule, holds a secret, or is made on something else', async () => {
    const scene = await publishScene();
    await scene.publish(stopped(scene, { '.github/workflows/x.yml': 'on: push\n' }));
    expect(scene.comment()).toMatch(/not kept in the repository: it breaks rules .*\(protected\)/);
    const other = await publishScene();
    const scanner = {
      scan: async (name: string, text: string) => (text.includes('half') ? [{ rule: 'x', where: name, line: 1 }] : []),
    };
    await other.publish(stopped(other), { scanner });
    const third = await publishScene();
    const result = stopped(third);
    const base = { sha: 'f'.repeat(40), treeSha: result.patch?.base.treeSha ?? '' };
    await third.publish({ ...result, patch: { ...result.patch, base } });
    for (const each of [scene, other, third]) {
      expect(each.forge.unfinishedTexts.size).toBe(0);
      expect(each.forge.calls.filter((name) => name.includes('/git/commits') && name.startsWith('POST'))).toEqual([]);
      expect(each.comment()).not.toContain('is saved as');
    }
  });

  it('does not take the place of what a later run has left', async () => {
    const scene = await publishScene();
    await scene.publish(stopped(scene));
    const work = await kept(scene);
    scene.forge.unfinishedTexts.set(1, {
      id: 'x',
      change: 'x',
      text: JSON.stringify({ ...work, fence: 9, runId: 'later' }),
    });
    await scene.publish(stopped(scene));
    expect(await kept(scene)).toMatchObject({ fence: 9, runId: 'later' });
  });
});
