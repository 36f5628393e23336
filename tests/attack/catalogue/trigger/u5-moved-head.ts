import type { PatchManifest } from '../../../../src/domain/patch.ts';
import type { Remerge } from '../../../../src/flows/publish-run.ts';
import { admitted, type HeldScene, heldScene } from '../../../fakes/held-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const branch = 'agent/1/f1-x';
const files = { 'README.md': '# slug\n', 'src/slugify.ts': 'old\n', 'gone.txt': 'x\n' };

/** A plan that goes on with an open pull request. */
async function heldOnPull(): Promise<HeldScene> {
  const scene = await heldScene(undefined, {
    prepare: async ({ forge, task }) => {
      const headSha = forge.git.commitFiles({ ...files, 'README.md': '# begun\n' }, [task.base.sha]);
      await forge.createBranch(branch, headSha);
      const made = await forge.createPullRequest({ title: 't', body: '', head: branch, base: 'main', draft: true });
      if (made.kind !== 'created') throw new Error('not created');
      return { continues: { branch, headSha, pullRequest: made.pull.number } };
    },
  });
  if (scene.held.outcome !== 'needs_info') throw new Error(scene.held.reason);
  return scene;
}

/** Somebody pushes to the branch of the pull request, forced or not. */
function push({ forge, task }: HeldScene, parent = task.continues?.headSha ?? ''): void {
  forge.git.branches.set(
    branch,
    forge.git.commitFiles({ ...files, 'README.md': '# evil\n' }, parent === '' ? [] : [parent]),
  );
}

async function approved(scene: HeldScene): Promise<'published' | string> {
  const admission = await scene.say('bob', `/agent approve ${scene.plan}`);
  if (admission.kind !== 'admitted') return 'text' in admission ? admission.text : admission.kind;
  const report = await scene.publishApproved(admission.task);
  return report.outcome === 'succeeded' ? 'published' : report.reason;
}

const twin: Attack['twin'] = async () => {
  const told = await approved(await heldOnPull());
  return told === 'published' ? passed('on the head that it was made for it is published') : hindered(told);
};

/** As the one-step form would: it could merge what is approved with what was pushed. */
function mergesAnything(scene: HeldScene): Remerge {
  return async (patch: PatchManifest, newHead) => {
    const { treeSha } = scene.forge.git.commit(newHead);
    const merged = scene.forge.git.layOver(
      treeSha,
      patch.files.flatMap((file) =>
        file.change === 'deleted'
          ? []
          : [{ kind: 'text' as const, path: file.path, mode: '100644' as const, content: file.content }],
      ),
    );
    return { kind: 'merged', manifest: { ...patch, base: { sha: newHead, treeSha }, treeSha: merged } };
  };
}

export const movedHeads: readonly Attack[] = [
  {
    id: 'U5',
    title: 'the head is pushed on before the plan is approved',
    attack: async () => {
      const scene = await heldOnPull();
      push(scene);
      const admission = await scene.say('bob', `/agent approve ${scene.plan}`);
      return admission.kind === 'admitted'
        ? escaped('the approval counted for another head')
        : contained('the head is part of what is approved');
    },
    twin,
  },
  {
    id: 'U5',
    title: 'the head is force-pushed between the approval and the publishing',
    attack: async () => {
      const scene = await heldOnPull();
      const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
      push(scene);
      let isMerged = false;
      const merge = mergesAnything(scene);
      const remerge: Remerge = (...asked) => {
        isMerged = true;
        return merge(...asked);
      };
      const report = await scene.publish(undefined, { task, remerge });
      // What comes of the merge may be stopped by other rules; it is another change than the one that was approved.
      return isMerged || report.outcome === 'succeeded'
        ? escaped('merged with something that nobody had approved')
        : contained('what was approved is merged with nothing');
    },
    twin,
  },
];
