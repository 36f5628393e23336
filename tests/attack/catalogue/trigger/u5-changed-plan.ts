import { heldForMs } from '../../../../src/domain/held/plan.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { admitted, type HeldScene, heldScene } from '../../../fakes/held-scene.ts';
import { type Change, manifestOn, readyResult } from '../../../fakes/publish-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const harmless: Change = { 'src/slugify.ts': 'new\n' };
const seeded = { 'README.md': '# slug\n', 'src/slugify.ts': 'old\n', 'gone.txt': 'x\n' };

interface PlanAttack {
  readonly title: string;
  /** Between the plan that was read and the approval that is written. */
  readonly before?: (scene: HeldScene) => Promise<void> | void;
  /** Between the gate's yes and the publisher. */
  readonly after?: (scene: HeldScene, task: Task) => Promise<void> | void;
}

/** A plan is shown to bob, something is changed, and bob approves what he has read: nothing else may be published. */
function changedPlan({ title, before, after }: PlanAttack): Attack {
  return {
    id: 'U5',
    title,
    attack: async () => {
      const scene = await heldScene(harmless);
      await before?.(scene);
      const admission = await scene.say('bob', `/agent approve ${scene.plan}`);
      if (admission.kind !== 'admitted') return contained(`not approved: ${'text' in admission ? admission.text : ''}`);
      await after?.(scene, admission.task);
      const report = await scene.publishApproved(admission.task);
      return report.outcome === 'succeeded'
        ? escaped('something was published that nobody had approved as it was')
        : contained(`not published: ${report.reason.slice(0, 120)}`);
    },
    twin: async () => {
      const scene = await heldScene(harmless);
      const report = await scene.publishApproved(admitted(await scene.say('bob', `/agent approve ${scene.plan}`)));
      const published =
        report.outcome === 'succeeded' && scene.forge.filesOf(report.branch ?? '')['src/slugify.ts'] === 'new\n';
      return published ? passed('what was read is what is published') : hindered(report.reason);
    },
  };
}

/** Another run of ours holds another change in its place, with a comment of its own. */
async function holdAnother(scene: HeldScene): Promise<void> {
  const { forge } = scene;
  const key = scene.task.lease.key;
  const holder = { owner: 'coder/2', runId: '01JD0000000000000000000002', kind: 'agent', reason: '' } as const;
  const ask = { key, holder, leaseId: 'lease-2', ttlMs: 3_600_000, holderIsDead: async () => false };
  const claim = await scene.claims.acquire(ask);
  if (claim.kind !== 'granted') throw new Error('the claim is taken');
  const tracking = forge.seedComment(1, scene.comment(), forge.login);
  const { runId } = holder;
  const task = { ...scene.task, runId, lease: claim.lease, trackingCommentId: tracking.id };
  const patch = { ...manifestOn(forge, scene.task.base.sha, { 'src/slugify.ts': 'evil\n' }), runId };
  await scene.publish(readyResult(patch, { runId }), { task });
  await scene.claims.release(claim.lease);
}

function moveBase(scene: HeldScene, files: Readonly<Record<string, string>>, from: readonly string[]): void {
  scene.forge.git.branches.set('main', scene.forge.git.commitFiles(files, from));
}

function forge(scene: HeldScene, from: string, to: string): void {
  const there = scene.forge.heldTexts.get(1);
  if (there === undefined) throw new Error('nothing is held');
  scene.forge.heldTexts.set(1, { ...there, text: there.text.replaceAll(from, to) });
}

export const changedPlans: readonly Attack[] = [
  changedPlan({ title: 'another change is held in place of the one that was read', before: holdAnother }),
  changedPlan({
    title: 'the comment that shows the plan is edited to show something harmless',
    before: async (scene) => {
      await scene.forge.updateComment(
        scene.task.trackingCommentId,
        scene.comment().replaceAll('slugify.ts', 'notes.md'),
      );
    },
  }),
  changedPlan({
    title: 'words are added below the plan that is shown',
    before: async (scene) => {
      const text = `${scene.comment()}\n\nChecked by the security team.`;
      await scene.forge.updateComment(scene.task.trackingCommentId, text);
    },
  }),
  changedPlan({
    title: 'the file that the plan changes is changed on the base before it is approved',
    before: (scene) => moveBase(scene, { ...seeded, 'src/slugify.ts': 'mended\n' }, [scene.task.base.sha]),
  }),
  changedPlan({
    title: 'the history of the base is rewritten before the plan is approved',
    before: (scene) => moveBase(scene, { ...seeded, 'README.md': '# other\n' }, []),
  }),
  changedPlan({
    title: 'a plan of long ago is approved',
    before: (scene) => scene.clock.sleep(heldForMs, AbortSignal.timeout(20_000)),
  }),
  changedPlan({
    title: 'a newer run has opened a pull request, and the older plan is approved after it',
    before: async (scene) => {
      const sha = scene.forge.git.commitFiles({ ...seeded, 'src/slugify.ts': 'better\n' }, [scene.task.base.sha]);
      await scene.forge.createBranch('agent/1/f9-better', sha);
      const body = '<!-- entropy:issue=1 fence=9 run=01JD0000000000000000000009 op=pull-request -->';
      await scene.forge.createPullRequest({ title: 't', body, head: 'agent/1/f9-better', base: 'main', draft: true });
    },
  }),
  changedPlan({
    title: 'what is held is replaced after the approval and before it is published',
    after: (scene) => forge(scene, 'Keep the last word', 'Keep the first word'),
  }),
];
