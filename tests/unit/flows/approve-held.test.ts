import { describe, expect, it } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { heldForMs } from '../../../src/domain/held/plan.ts';
import { defaultPatchPolicy } from '../../../src/domain/patch-policy.ts';
import { sweepHeld } from '../../../src/flows/sweep-held.ts';
import { admitted, heldScene } from '../../fakes/held-scene.ts';
import { manifestOn, publishScene, readyResult } from '../../fakes/publish-scene.ts';

describe('a change that touches what a person approves first', () => {
  it('is held: no branch, no pull request, a comment that shows the plan and how to approve it', async () => {
    const scene = await heldScene({ 'src/slugify.ts': 'new\n', 'README.md': '# other\n' });
    expect(scene.held).toMatchObject({ outcome: 'needs_info' });
    expect(scene.held.reason).toContain(`/agent approve ${scene.plan}`);
    expect(scene.plan).toMatch(/^[0-9a-f]{24}$/);
    expect([...scene.forge.git.branches.keys()]).toEqual(['main']);
    expect(scene.forge.pulls).toEqual([]);
    expect(scene.forge.heldTexts.has(1)).toBe(true);
    expect(scene.comment()).toContain('coder waits for approval');
    expect(scene.comment()).toMatch(/`src\/slugify.ts` \| modified \| \+1 −1 \| `review required: src\/\*\*`/);
    // What has to be looked at comes before the rest.
    expect(scene.comment().indexOf('src/slugify.ts')).toBeLessThan(scene.comment().indexOf('README.md'));
    expect(scene.comment()).toMatch(/\[The whole change\]\(https:\/\/github.com\/octo\/slug\/commit\/[0-9a-f]{40}\)/);
  });

  it('is published as it was shown once somebody with write access approves it, and leaves nothing behind', async () => {
    const scene = await heldScene();
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    expect(task.approved).toMatchObject({ by: 'bob', askedBy: 'alice' });
    expect(task.setupCommand).toBeUndefined();
    const report = await scene.publishApproved(task);
    expect(report).toMatchObject({ outcome: 'succeeded', pullRequest: { number: 2 } });
    expect(scene.forge.filesOf(report.branch ?? '')).toMatchObject({ 'src/slugify.ts': 'new\n' });
    expect(scene.forge.pulls[0]?.body).toContain(`\`bob\` approved it as plan \`${scene.plan}\``);
    expect(scene.forge.pulls[0]?.body).toContain('Asked in #1 by `alice`');
    expect(scene.forge.heldTexts.size).toBe(0);
    expect(scene.comment()).toContain(`Plan \`${scene.plan}\`: approved by \`@bob\`, published as #2.`);
  });

  it('waits for nobody when it touches nothing of that kind', async () => {
    const scene = await heldScene({ 'README.md': '# other\n' });
    expect(scene.held.outcome).toBe('succeeded');
    expect(scene.forge.heldTexts.size).toBe(0);
  });

  it('is only described in a dry run', async () => {
    const scene = await publishScene({ patchPolicy: { ...defaultPatchPolicy, reviewPaths: ['src/**'] } });
    const patch = manifestOn(scene.forge, scene.task.base.sha, { 'src/slugify.ts': 'x\n' });
    const report = await scene.publish(readyResult(patch), { dryRun: true });
    expect(report.reason).toContain('it would be held for approval, and then open a pull request');
    expect(scene.forge.heldTexts.size).toBe(0);
  });
});

describe('approving twice', () => {
  it('is answered while the first approval is being published, and after it', async () => {
    const scene = await heldScene();
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    expect(await scene.say('alice', `/agent approve ${scene.plan}`)).toMatchObject({
      kind: 'refused',
      reason: 'claimed',
    });
    await scene.publishApproved(task);
    await scene.claims.release(task.lease);
    const again = await scene.say('alice', `/agent approve ${scene.plan}`);
    expect(again).toMatchObject({ kind: 'answered', what: 'nothing-held' });
    expect(again).toMatchObject({ text: expect.stringContaining('published as #2') });
    expect(scene.forge.pulls).toHaveLength(1);
  });

  it('publishes once when the first publisher died after it had opened the pull request', async () => {
    const scene = await heldScene();
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    const held = scene.forge.heldTexts.get(1);
    await scene.publishApproved(task);
    await scene.claims.release(task.lease);
    if (held !== undefined) scene.forge.heldTexts.set(1, held);
    const again = await scene.say('bob', `/agent approve ${scene.plan}`);
    expect(again).toMatchObject({ kind: 'answered', text: expect.stringContaining('is published as #2') });
    expect(scene.forge.heldTexts.size).toBe(0);
    expect(scene.forge.pulls).toHaveLength(1);
  });
});

describe('an approval does not count', () => {
  const refused = { kind: 'refused', reason: 'plan' };

  it('without a hash, or with too little of it', async () => {
    const scene = await heldScene();
    for (const words of ['', ` ${scene.plan.slice(0, 8)}`, ' latest']) {
      const said = await scene.say('bob', `/agent approve${words}`);
      expect(said).toMatchObject({ kind: 'answered', what: 'not-understood' });
    }
    expect(scene.forge.heldTexts.size).toBe(1);
  });

  it('for a plan that was replaced since', async () => {
    const scene = await heldScene();
    expect(await scene.say('bob', '/agent approve 0123456789abcdef01234567')).toMatchObject({
      ...refused,
      text: expect.stringContaining(`held now is \`${scene.plan}\``),
    });
    expect(scene.forge.heldTexts.size).toBe(1);
  });

  it('when the comment that shows the plan was edited', async () => {
    const scene = await heldScene();
    await scene.forge.updateComment(scene.task.trackingCommentId, scene.comment().replace('slugify', 'readme'));
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({
      ...refused,
      text: expect.stringContaining('was edited since'),
    });
  });

  it('when what is held was changed under its ref: another hash is another plan', async () => {
    const scene = await heldScene();
    const there = scene.forge.heldTexts.get(1);
    if (there === undefined) throw new Error('nothing is held');
    const text = there.text.replace('Keep the last word', 'Keep the first word');
    scene.forge.heldTexts.set(1, { ...there, text });
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject(refused);
  });

  it('after two weeks', async () => {
    const scene = await heldScene();
    await scene.clock.sleep(heldForMs, AbortSignal.timeout(20_000));
    const said = await scene.say('bob', `/agent approve ${scene.plan}`);
    expect(said).toMatchObject({ ...refused, text: expect.stringContaining('expired') });
    expect(scene.forge.heldTexts.size).toBe(0);
  });

  it('when a file of the plan was changed on the base since; while any other may change', async () => {
    const scene = await heldScene();
    const move = (files: Record<string, string>) =>
      scene.forge.git.branches.set('main', scene.forge.git.commitFiles(files, [scene.task.base.sha]));
    const files = { 'README.md': '# slug\n', 'src/slugify.ts': 'old\n', 'gone.txt': 'x\n' };
    move({ ...files, 'README.md': '# new\n' });
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    await scene.claims.release(task.lease);
    move({ ...files, 'src/slugify.ts': 'other\n' });
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({
      ...refused,
      text: expect.stringContaining('`src/slugify.ts` was changed on `main` since'),
    });
  });

  it('when the history of the base was rewritten', async () => {
    const scene = await heldScene();
    scene.forge.git.branches.set('main', scene.forge.git.commitFiles({ 'README.md': 'rewritten' }));
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({
      ...refused,
      text: expect.stringContaining('was rewritten since'),
    });
  });

  it('on a closed issue, where nothing stays held', async () => {
    const scene = await heldScene();
    scene.forge.seedIssue({ number: 1, state: 'closed' });
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({ kind: 'refused', reason: 'closed' });
    expect(scene.forge.heldTexts.size).toBe(0);
  });

  it('by a bot, by who only reads, or by who was let in by allow-users alone', async () => {
    const scene = await heldScene({ 'src/slugify.ts': 'new\n' }, { settings: { allowedBots: ['robin[bot]'] } });
    expect(await scene.say('robin[bot]', `/agent approve ${scene.plan}`, 'bot')).toMatchObject({ kind: 'ignored' });
    expect(await scene.say('carol', `/agent approve ${scene.plan}`)).toMatchObject({
      kind: 'refused',
      reason: 'actor',
    });
    expect(await scene.say('dora', `/agent approve ${scene.plan}`)).toMatchObject({ kind: 'refused', reason: 'actor' });
    expect(scene.forge.heldTexts.size).toBe(1);
  });
});

describe('what is approved is checked again by the publisher', () => {
  it('against what is held by then', async () => {
    const scene = await heldScene();
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    const there = scene.forge.heldTexts.get(1);
    if (there === undefined) throw new Error('nothing is held');
    scene.forge.heldTexts.set(1, { ...there, text: there.text.replace('last word', 'first word') });
    expect(await scene.publishApproved(task)).toMatchObject({ outcome: 'failed', error: { code: 'E605' } });
    expect(scene.forge.pulls).toEqual([]);
  });

  it('against the contents: the commit that the record names must hold what the plan says', async () => {
    const scene = await heldScene();
    const there = scene.forge.heldTexts.get(1);
    if (there === undefined) throw new Error('nothing is held');
    const other = scene.forge.git.commitFiles({ 'src/slugify.ts': 'evil\n' }, [scene.task.base.sha]);
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    scene.forge.heldTexts.set(1, { ...there, text: there.text.replace(there.change, other) });
    expect(await scene.publishApproved(task)).toMatchObject({ outcome: 'blocked', error: { code: 'E600' } });
    expect(scene.forge.pulls).toEqual([]);
  });

  it('against the hard rules as they are by then', async () => {
    const scene = await heldScene({ 'src/slugify.ts': 'new\n' }, { settings: { protectedPaths: ['src/**'] } });
    const task = admitted(await scene.say('bob', `/agent approve ${scene.plan}`));
    expect(await scene.publishApproved(task)).toMatchObject({ outcome: 'blocked', error: { code: 'E600' } });
    expect(scene.forge.heldTexts.size).toBe(1);
  });
});

describe('a change that waits can be given up', () => {
  it('with stop, when nobody works', async () => {
    const scene = await heldScene();
    expect(await scene.say('bob', '/agent status')).toMatchObject({ text: expect.stringContaining(scene.plan) });
    expect(await scene.say('bob', '/agent stop')).toMatchObject({ text: expect.stringContaining('Given up') });
    expect(scene.forge.heldTexts.size).toBe(0);
    expect(scene.comment()).toContain('given up by `@bob`');
    expect(await scene.say('bob', `/agent approve ${scene.plan}`)).toMatchObject({ what: 'nothing-held' });
  });
});

describe('what nobody can approve any more', () => {
  it('goes when something else is held: of closed and of vanished issues, expired, or no record of ours', async () => {
    const scene = await heldScene();
    const { forge, clock } = scene;
    const held = forge.heldTexts.get(1);
    if (held === undefined) throw new Error('nothing is held');
    forge.seedIssue({ number: 2, state: 'closed' });
    forge.seedIssue({ number: 3 });
    for (const issue of [2, 3, 4711]) forge.heldTexts.set(issue, held);
    forge.heldTexts.set(5, { ...held, text: 'not a record' });
    await sweepHeld(forge, { except: 1, now: clock.now(), log: () => {} });
    expect([...forge.heldTexts.keys()]).toEqual([1, 3]);
    await sweepHeld(forge, { except: 1, now: clock.now() + heldForMs, log: () => {} });
    expect([...forge.heldTexts.keys()]).toEqual([1]);
  });

  it('is left where it is while GitHub does not answer', async () => {
    const scene = await heldScene();
    const log: string[] = [];
    scene.forge.beforeCall = () => {
      throw new EntropyError({ code: 'E203', message: 'rate limit', fix: 'wait', retryable: true });
    };
    await sweepHeld(scene.forge, { except: 2, now: scene.clock.now(), log: (line) => log.push(line) });
    expect(log.join()).toContain('were not looked at');
    expect(scene.forge.heldTexts.size).toBe(1);
  });
});
