import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Killed } from '../../fakes/fake-forge.ts';
import { manifestOn, type PublishScene, publishScene, readyResult } from '../../fakes/publish-scene.ts';

const change = { 'src/slugify.ts': 'new\n', 'image.bin': Buffer.from([0, 255]) };

interface Story {
  readonly name: string;
  begin(): Promise<{ readonly scene: PublishScene; run(): Promise<unknown> }>;
  check(scene: PublishScene): void;
}

const newPullRequest: Story = {
  name: 'a new pull request',
  begin: async () => {
    const scene = await publishScene();
    const result = readyResult(manifestOn(scene.forge, scene.task.base.sha, change));
    return { scene, run: () => scene.publish(result) };
  },
  check: ({ forge }) => {
    expect([...forge.git.branches.keys()]).toEqual(['main', 'agent/1/f1-keep-last-word']);
    expect(forge.pulls).toHaveLength(1);
  },
};

const continued: Story = {
  name: 'one more commit on a branch',
  begin: async () => {
    const scene = await publishScene();
    const { forge, task } = scene;
    const headSha = forge.git.commitFiles({ 'src/slugify.ts': 'round one\n' }, [task.base.sha]);
    forge.git.branches.set('agent/1/f0-earlier', headSha);
    const pull = { title: 'Earlier', body: 'earlier body', head: 'agent/1/f0-earlier', base: 'main', draft: false };
    const created = await forge.createPullRequest(pull);
    forge.calls.splice(0);
    const pullRequest = created.kind === 'created' ? created.pull.number : 0;
    const again = { ...task, continues: { branch: 'agent/1/f0-earlier', headSha, pullRequest } };
    const result = readyResult(manifestOn(forge, headSha, change));
    return { scene, run: () => scene.publish(result, { task: again }) };
  },
  check: ({ forge }) => {
    expect([...forge.git.branches.keys()]).toEqual(['main', 'agent/1/f0-earlier']);
    expect(forge.pulls).toHaveLength(1);
    expect(forge.pulls[0]?.body.match(/## Update by run/g)).toHaveLength(1);
    const head = forge.git.commit(forge.git.branches.get('agent/1/f0-earlier') ?? '');
    expect(forge.git.commit(head.parents[0] ?? '').message).toBe('seed');
  },
};

/** Runs until it is through, being killed at the given calls (counted over all tries). */
async function runThrough(story: Story, kills: readonly { call: number; when: 'before' | 'after' }[]) {
  const { scene, run } = await story.begin();
  for (const kill of kills) {
    scene.forge.dieOn = { call: scene.forge.calls.length + kill.call, when: kill.when };
    const end = await run().catch((error: unknown) => error);
    if (!(end instanceof Killed)) break;
  }
  scene.forge.dieOn = undefined;
  const report = await run();
  expect(report).toMatchObject({ outcome: 'succeeded' });
  expect(scene.comment()).toMatch(/coder (?:opened|updated) #2/);
  expect(scene.forge.allComments).toHaveLength(1);
  story.check(scene);
}

describe.each([newPullRequest, continued])('$name', (story) => {
  it('comes out once, wherever the publisher was killed', async () => {
    const { scene, run } = await story.begin();
    await run();
    const total = scene.forge.calls.length;
    expect(total).toBeGreaterThan(8);
    for (let call = 1; call <= total; call += 1) {
      await runThrough(story, [{ call, when: 'before' }]);
      await runThrough(story, [{ call, when: 'after' }]);
    }
  });

  it('comes out once, however often the publisher was killed', async () => {
    const kill = fc.record({ call: fc.integer({ min: 1, max: 16 }), when: fc.constantFrom('before', 'after') });
    const kills = fc.array(kill, { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(kills, (list) => runThrough(story, list)),
      { numRuns: 60 },
    );
  });
});
