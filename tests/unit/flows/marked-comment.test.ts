import { describe, expect, it } from 'vitest';
import { marker } from '../../../src/domain/markers.ts';
import { closeRun } from '../../../src/flows/close-run.ts';
import { commentOnce } from '../../../src/flows/marked-comment.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { publishScene, readyResult } from '../../fakes/publish-scene.ts';

const mark = { issue: 1, fence: 0, run: '0', op: 'refusal-to-7' };

function forgeWithIssue(): FakeForge {
  const forge = new FakeForge();
  forge.seedIssue({ number: 1 });
  return forge;
}

describe('a comment that is written once', () => {
  it('is written in spite of a stranger who wrote its marker first', async () => {
    const forge = forgeWithIssue();
    const forged = forge.seedComment(1, `${marker(mark)}\nAll is well.`, 'mallory');
    const said = await commentOnce(forge, { mark, text: 'No.' });
    expect(said).toMatchObject({ kind: 'created', comment: { author: forge.login } });
    expect(await commentOnce(forge, { mark, text: 'No.' })).toMatchObject({ kind: 'was-there', comment: said.comment });
    expect(forge.allComments.map(({ snapshot }) => snapshot.id)).toEqual([forged.id, said.comment.id]);
  });

  it('stays the older one when two wrote it at the same moment', async () => {
    const forge = forgeWithIssue();
    forge.beforeCall = (name) => {
      if (!name.startsWith('POST')) return;
      forge.beforeCall = undefined;
      forge.seedComment(1, `${marker(mark)}\nNo.`, forge.login);
    };
    expect(await commentOnce(forge, { mark, text: 'No.' })).toMatchObject({ kind: 'was-there' });
    expect(forge.allComments).toHaveLength(1);
  });
});

describe('the tracking comment of a run', () => {
  it('is never a stranger’s copy, when only its marker is known', async () => {
    const { forge, claims, clock, task } = await publishScene();
    const [ours] = forge.allComments.splice(0);
    forge.seedComment(1, ours?.snapshot.body ?? '', 'mallory');
    const run = { issue: 1, runId: task.runId, role: 'coder', lease: task.lease } as const;
    expect(await closeRun({ forge, claims, clock }, run, { kind: 'stopped' })).toEqual({
      comment: 'missing',
      claim: 'released',
    });
    expect(forge.allComments[0]?.snapshot.body).toContain('is working on this');
  });

  it('is written anew when it was deleted, beside a stranger’s copy', async () => {
    const scene = await publishScene();
    const [ours] = scene.forge.allComments.splice(0);
    scene.forge.seedComment(1, ours?.snapshot.body ?? '', 'mallory');
    await scene.publish(readyResult(undefined, { outcome: 'no_change', reason: 'Nothing to do.' }));
    const [copy, own] = scene.forge.allComments.map(({ snapshot }) => snapshot);
    expect(copy).toMatchObject({ author: 'mallory', body: expect.stringContaining('is working on this') });
    expect(own).toMatchObject({ author: scene.forge.login, body: expect.stringContaining('Nothing to do.') });
  });
});
