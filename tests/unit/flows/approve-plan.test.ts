import { describe, expect, it } from 'vitest';
import { admitted } from '../../fakes/held-scene.ts';
import { manifestOn, readyResult } from '../../fakes/publish-scene.ts';
import { plannedReport, wordPlanScene } from '../../fakes/word-plan-scene.ts';

const seeded = { 'README.md': '# slug\n', 'src/slugify.ts': 'old\n', 'gone.txt': 'x\n' };

describe('a plan in words that somebody approves', () => {
  it('starts the coder who follows it, and waits no more when that coder has delivered', async () => {
    const scene = await wordPlanScene();
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    expect(task).toMatchObject({ work: 'change', follows: { approvedBy: 'bob', plan: plannedReport } });
    expect(task.approved).toBeUndefined();
    expect(scene.forge.heldTexts.size).toBe(1);
    const patch = { ...manifestOn(scene.forge, task.base.sha, { 'src/slugify.ts': 'new\n' }), runId: task.runId };
    const published = await scene.publish(readyResult(patch, { runId: task.runId }), { task });
    expect(published).toMatchObject({ outcome: 'succeeded', stage: { kind: 'changed', pullRequest: 2, answers: [] } });
    expect(scene.forge.pulls[0]?.body).toContain(`It follows plan \`${scene.plan}\`, which \`bob\` approved.`);
    expect(scene.forge.heldTexts.size).toBe(0);
    expect(scene.comment()).toContain(`Plan \`${scene.plan}\`: approved by \`@bob\`, carried out as #2.`);
    expect(scene.comment()).toContain('**Step 1:** Count the separator');
    const again = await scene.say('bob', `/agent approve ${scene.plan}`);
    expect(again).toMatchObject({ kind: 'answered', text: expect.stringContaining('carried out as #2') });
  });

  it('can be approved again when the run that followed it died', async () => {
    const scene = await wordPlanScene();
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({ reason: 'claimed' });
    await scene.claims.release(task.lease);
    expect(admitted(await scene.say('bob', `/agent approve ${scene.plan}`)).follows?.hash).toBe(task.follows?.hash);
  });

  it('is carried out on what the base is by now, when nobody touched what it touches', async () => {
    const scene = await wordPlanScene();
    const { forge, task } = scene;
    const sha = forge.git.commitFiles({ ...seeded, 'README.md': '# other\n' }, [task.base.sha]);
    forge.git.branches.set('main', sha);
    expect(admitted(await scene.say('bob', `/agent approve ${scene.plan}`)).base.sha).toBe(sha);
  });

  it('is given up when somebody touched what it touches', async () => {
    const scene = await wordPlanScene();
    const { forge, task } = scene;
    forge.git.branches.set('main', forge.git.commitFiles({ ...seeded, 'src/slugify.ts': 'x\n' }, [task.base.sha]));
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({
      kind: 'refused',
      reason: 'plan',
      text: expect.stringContaining('Nothing was started: `src/slugify.ts` was changed on `main` since'),
    });
    expect(forge.heldTexts.size).toBe(0);
  });

  it('is refused when its comment was edited, and nobody is told its hash then', async () => {
    const scene = await wordPlanScene();
    await scene.forge.updateComment(scene.task.trackingCommentId, scene.comment().replace('separator', 'letter'));
    const status = await scene.say('bob', '/agent status');
    expect(status).toMatchObject({ text: expect.stringContaining('A plan is held that nobody can approve') });
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({ kind: 'refused', reason: 'plan' });
  });

  it.each(['carol', 'dora'])('is not started by %s, who may only read', async (login) => {
    const scene = await wordPlanScene();
    expect(await scene.say(login, `/agent approve ${scene.plan}`)).toMatchObject({ kind: 'refused', reason: 'actor' });
  });

  it('is told of by status, and given up by stop', async () => {
    const scene = await wordPlanScene();
    const status = await scene.say('bob', '/agent status');
    expect(status).toMatchObject({
      text: expect.stringContaining(`A plan waits for approval: \`/agent approve ${scene.plan}\` starts an agent`),
    });
    expect(await scene.say('bob', '/agent stop')).toMatchObject({ kind: 'answered', what: 'stopped' });
    expect(scene.comment()).toContain('given up by `@bob`');
    expect(scene.forge.heldTexts.size).toBe(0);
  });
});
