import { describe, expect, it } from 'vitest';
import type { Change } from '../../fakes/publish-scene.ts';
import { manifestOn } from '../../fakes/publish-scene.ts';
import { gateFixture } from './admit-event.fixture.ts';

type Fixture = ReturnType<typeof gateFixture>;

/** What run 7 of issue #1 left, made on the head of main. */
function leave({ forge }: Fixture, change: Change, more: object = {}): void {
  const patch = manifestOn(forge, forge.git.branches.get('main') ?? '', change);
  const work = { schema: 1, issue: 1, runId: '01JD7', fence: 7, patch, commit: 'c'.repeat(40), memory: 'Half.' };
  forge.unfinishedTexts.set(1, { id: 'x', change: 'x', text: JSON.stringify({ ...work, ...more }) });
}

async function admitted(it: Fixture, body: string) {
  const admission = await it.admit(it.commentEvent(body, 'bob'));
  return admission.kind === 'admitted' ? admission : expect.unreachable(admission.kind);
}

describe('what an earlier run left unfinished', () => {
  it('is taken up by retry, which its comment says, and not by fix', async () => {
    const retried = gateFixture();
    leave(retried, { 'README.md': '# half\n' });
    const { task, trackingComment } = await admitted(retried, '/agent retry');
    expect(task.unfinished).toMatchObject({
      runId: '01JD7',
      memory: 'Half.',
      patch: { files: [{ path: 'README.md' }] },
    });
    expect(trackingComment.body).toContain('Goes on from what run `01JD7` left: 1 file.');
    const anew = gateFixture();
    leave(anew, { 'README.md': '# half\n' });
    expect((await admitted(anew, '/agent fix')).task.unfinished).toBeUndefined();
  });

  it.each([
    ['breaks a rule', { '.github/workflows/x.yml': 'on: push\n' }, {}, 'it breaks rules'],
    ['was made on what is not there any more', { 'README.md': 'x\n' }, { base: 'f'.repeat(40) }, 'starts anew'],
  ])('is left and told when it %s', async (_what, change: Change, { base }: { base?: string }, words) => {
    const it_ = gateFixture();
    leave(it_, change);
    if (base !== undefined) {
      const text = it_.forge.unfinishedTexts.get(1)?.text ?? '';
      const work = JSON.parse(text);
      const patch = { ...work.patch, base: { ...work.patch.base, sha: base } };
      it_.forge.unfinishedTexts.set(1, { id: 'x', change: 'x', text: JSON.stringify({ ...work, patch }) });
    }
    const { task, trackingComment } = await admitted(it_, '/agent retry');
    expect(task.unfinished).toBeUndefined();
    expect(trackingComment.body).toContain(words);
  });

  it('is nothing when it is no record of ours, or of another issue', async () => {
    for (const more of [{ schema: 2 }, { issue: 3 }, { more: 1 }]) {
      const scene = gateFixture();
      leave(scene, { 'README.md': '# half\n' }, more);
      const { task, trackingComment } = await admitted(scene, '/agent retry');
      expect(task.unfinished).toBeUndefined();
      expect(trackingComment.body).not.toContain('01JD7');
    }
  });
});
