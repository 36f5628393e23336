import { heldCommentBegin } from '../../../../src/domain/held/held-comment.ts';
import { type ChangePlan, type HeldRecord, plannedFile } from '../../../../src/domain/held/plan.ts';
import { shownPlan } from '../../../../src/domain/held/plan-name.ts';
import { commentDigest, planHash } from '../../../../src/flows/plan-hash.ts';
import { type HeldScene, heldScene } from '../../../fakes/held-scene.ts';
import { manifestOn } from '../../../fakes/publish-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const seeded = { 'README.md': '# slug\n', 'gone.txt': 'x\n' };
const evil = { 'src/slugify.ts': 'evil\n' };

interface Forged {
  readonly record: HeldRecord;
  /** The plan's comment as it would be written. */
  readonly text: string;
}

/** Mallory may push, and approve nothing: a commit of hers, and a record under the hidden ref that tells of it. */
function forgedRecord({ forge, task }: HeldScene, linked?: string): Forged {
  const there: HeldRecord<ChangePlan> = JSON.parse(forge.heldTexts.get(1)?.text ?? '');
  const { files, treeSha, base } = manifestOn(forge, task.base.sha, evil);
  const patch = { ...there.plan.patch, base, treeSha, files: files.map(plannedFile) };
  const change = linked ?? forge.git.commitFiles({ ...seeded, ...evil }, [task.base.sha]);
  const record = { ...there, plan: { ...there.plan, patch }, change };
  const issueUrl = forge.issues.get(1)?.url ?? '';
  return { record, text: `${heldCommentBegin(record, { hash: planHash(record.plan), issueUrl })}run` };
}

function hold({ forge }: HeldScene, record: HeldRecord): void {
  forge.heldTexts.set(1, { id: 'f'.repeat(40), text: JSON.stringify(record), change: record.change });
}

/** What stands in backticks and looks like a plan: people copy it. */
function named(text: string): readonly string[] {
  return [...text.matchAll(/`(?:\/agent approve )?([0-9a-f]{12,64})`/g)].map(([, hash = '']) => hash);
}

/** Bob has read one plan, and approves whatever we tell him to. */
async function obeyed(scene: HeldScene, first: string): Promise<string | undefined> {
  const told = [first];
  for (const words of ['/agent status', `/agent approve ${scene.plan}`, '/agent status']) {
    for (const hash of told.splice(0)) {
      const admission = await scene.say('bob', `/agent approve ${hash}`);
      if (admission.kind !== 'admitted') {
        if ('text' in admission) told.push(...named(admission.text ?? '').filter((other) => other !== hash));
        continue;
      }
      const report = await scene.publishApproved(admission.task);
      return report.outcome === 'succeeded' ? scene.forge.filesOf(report.branch ?? '')['src/slugify.ts'] : undefined;
    }
    const said = await scene.say('bob', words);
    if ('text' in said) told.push(...named(said.text ?? ''));
  }
  return undefined;
}

function forgedPlan(title: string, plant: (scene: HeldScene) => Promise<string> | string): Attack {
  return {
    id: 'U5',
    title,
    attack: async () => {
      const scene = await heldScene();
      const published = await obeyed(scene, await plant(scene));
      return published === 'evil\n'
        ? escaped('a plan was published that the issue does not show as it is')
        : contained('nobody is told its hash, and it cannot be approved');
    },
    twin: async () => {
      const scene = await heldScene();
      const said = await scene.say('bob', '/agent status');
      const published = await obeyed(scene, ('text' in said ? named(said.text ?? '') : [])[0] ?? '');
      return published === 'new\n' ? passed('status names what is shown') : hindered('it could not be approved');
    },
  };
}

const nothing = '0'.repeat(24);

export const forgedPlans: readonly Attack[] = [
  forgedPlan('another plan is pushed to the hidden ref, and the comment still shows the first one', (scene) => {
    hold(scene, forgedRecord(scene).record);
    return nothing;
  }),
  forgedPlan('the same, with an older comment of ours on the issue edited to show it', async (scene) => {
    const { record, text } = forgedRecord(scene);
    const { snapshot } = scene.forge.allComments.find((comment) => comment.issue === 1) ?? {};
    if (snapshot === undefined) throw new Error('there is no comment');
    // The plan that bob reads stands in a newer one, as after `/agent retry`.
    const newer = scene.forge.seedComment(1, snapshot.body, scene.forge.login);
    await scene.forge.updateComment(snapshot.id, text);
    hold(scene, { ...record, comment: { id: snapshot.id, digest: commentDigest(text) } });
    return newer.id > snapshot.id ? nothing : '';
  }),
  forgedPlan('the same, with a comment of ours on another issue edited to show it', (scene) => {
    const { record, text } = forgedRecord(scene);
    scene.forge.seedIssue({ number: 2 });
    const { id } = scene.forge.seedComment(2, text, scene.forge.login);
    hold(scene, { ...record, comment: { id, digest: commentDigest(text) } });
    return nothing;
  }),
  forgedPlan('the same, with a comment of her own that looks like ours', (scene) => {
    const { record, text } = forgedRecord(scene);
    const { id } = scene.forge.seedComment(1, text, 'mallory');
    hold(scene, { ...record, comment: { id, digest: commentDigest(text) } });
    return nothing;
  }),
  forgedPlan(
    'a plan whose comment links a commit that shows nothing of the change, for its parent has it already',
    async (scene) => {
      const { forge, task } = scene;
      const parent = forge.git.commitFiles({ ...seeded, ...evil }, [task.base.sha]);
      const { record, text } = forgedRecord(scene, forge.git.commitFiles({ ...seeded, ...evil }, [parent]));
      await forge.updateComment(task.trackingCommentId, text);
      hold(scene, { ...record, comment: { id: task.trackingCommentId, digest: commentDigest(text) } });
      return shownPlan(planHash(record.plan));
    },
  ),
];
