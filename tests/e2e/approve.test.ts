import { describe, expect, it } from 'vitest';
import { cliPlace } from './cli-place.ts';
import { sampleScript } from './sample-copy.ts';
import { openStage, type Stage } from './stage.ts';

const reviewed = 'paths:\n  review-required: [src/**]\n';

/** The sample, in a repository that wants to see changes of its source first. */
async function reviewedStage(): Promise<{ readonly stage: Stage; readonly issue: number }> {
  const stage = await openStage();
  const file = '/contents/.github/entropy.yml';
  const { sha, content: before } = await stage.send<{ sha: string; content: string }>('alice', 'GET', file);
  const content = Buffer.from(`${Buffer.from(before, 'base64')}${reviewed}`).toString('base64');
  await stage.send('alice', 'PUT', file, { message: 'Review the source', content, sha });
  return { stage, issue: await stage.openIssue() };
}

const planIn = (text: string): string => /approve ([0-9a-f]{24})`/.exec(text)?.[1] ?? '';

async function heldRefs(stage: Stage): Promise<readonly string[]> {
  const refs = await stage.send<readonly { ref: string }[]>('alice', 'GET', '/git/matching-refs/agents/held/');
  return refs.map(({ ref }) => ref);
}

describe('a change that somebody approves first', () => {
  it.each(['three-jobs', 'one-step'] as const)(
    'waits on no branch and is published as it was shown: %s',
    async (form) => {
      const { stage, issue } = await reviewedStage();
      await using _ = stage;
      const model = `scripted:${sampleScript}`;
      const fix = await stage.run({
        payload: await stage.comment(issue, '/agent fix'),
        issue,
        form,
        inputs: { model },
      });
      expect(fix.report.conclusion).toBe('success');
      const shown = await stage.tracking(issue);
      expect(shown).toContain('coder waits for approval');
      expect(shown).toContain('`src/slugify.js` | modified | +2 −0 | `review required: src/**`');
      expect(await stage.pulls()).toEqual([]);
      expect(await stage.branches()).toEqual(['main']);
      expect(await heldRefs(stage)).toEqual([`refs/agents/held/${issue}`]);

      // By who may only read: nothing moves.
      const approval = `/agent approve ${planIn(shown)}`;
      await stage.run({ payload: await stage.comment(issue, approval, 'carol'), issue, form, inputs: {} });
      expect(await stage.pulls()).toEqual([]);

      // No model is named and no key is there: nobody works.
      const approved = await stage.run({ payload: await stage.comment(issue, approval), issue, form, inputs: {} });
      expect(approved.report.conclusion).toBe('success');
      const agent = approved.report.jobs.find(({ id }) => id.endsWith('agent'));
      if (form === 'three-jobs') expect(agent).toMatchObject({ conclusion: 'skipped' });
      const [pull, ...others] = await stage.pulls();
      expect(others).toEqual([]);
      expect(pull?.body).toContain(`\`alice\` approved it as plan \`${planIn(shown)}\``);
      expect(await stage.tracking(issue)).toContain(`coder opened #${pull?.number}`);
      expect((await stage.trackings(issue))[0]).toContain('coder waits no more');
      expect(await heldRefs(stage)).toEqual([]);
      expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 2 });

      // Said twice, done once.
      await stage.run({ payload: await stage.comment(issue, approval), issue, form, inputs: {} });
      expect(await stage.pulls()).toHaveLength(1);
      expect((await stage.comments(issue)).at(-1)?.body).toContain(`published as #${pull?.number}`);
    },
  );

  it('is approved from the command line as well', async () => {
    const { stage, issue } = await reviewedStage();
    await using _ = stage;
    using place = cliPlace();
    const { apiUrl, url } = stage.github;
    const env = { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: url, GITHUB_TOKEN: stage.github.userToken('alice') };
    const run = ['run', '--github', 'octo/slug', '--issue', String(issue)];
    const held = await place.run([...run, '--model', `scripted:${sampleScript}`], { env });
    expect(held.report).toMatchObject({ outcome: 'needs_info', pullRequest: null, branch: null });
    expect(held.code).toBe(8);
    const plan = planIn(held.report.reason);
    const { code, report } = await place.run([...run, '--approve', plan], { env });
    const [pull] = await stage.pulls();
    expect(report).toMatchObject({
      outcome: 'succeeded',
      pullRequest: { number: pull?.number },
      filesChanged: ['src/slugify.js'],
      modelCalls: 0,
    });
    expect(code).toBe(0);
    expect(await heldRefs(stage)).toEqual([]);
  });
});
