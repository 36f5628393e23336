import { describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import { writeSteadyScript } from './steady-script.ts';

/** A pull request of an agent, then a second run during which somebody pushes to its branch. */
async function race(stage: Stage, push: (branch: string) => Promise<unknown>) {
  const issue = await stage.openIssue();
  const inputs = { model: `scripted:${writeSteadyScript(stage.root, 100)}` };
  const first = await stage.run({ payload: await stage.comment(issue, '/agent fix'), issue, form: 'one-step', inputs });
  expect(first.report.conclusion).toBe('success');
  const [pull] = await stage.pulls();
  if (pull === undefined) throw new Error('the first run opened no pull request');

  let pushing: Promise<unknown> | undefined;
  const second = await stage.run({
    payload: await stage.comment(issue, '/agent retry'),
    issue,
    form: 'one-step',
    inputs,
    onRunnerEvent: (event) => {
      // The gate has read the head of the branch by then, and the agent has begun.
      if (event.type === 'log' && event.line.startsWith('sandbox:')) pushing ??= push(pull.head.ref);
    },
  });
  await pushing;
  const after = (await stage.pulls()).find(({ number }) => number === pull.number);
  return { issue, before: pull, after, second };
}

/** A commit of alice's on a branch, as the web editor makes it. */
async function edit(stage: Stage, branch: string, file: string, content: string): Promise<string> {
  const there = await stage
    .send<{ sha: string }>('alice', 'GET', `/contents/${file}?ref=${encodeURIComponent(branch)}`)
    .catch(() => undefined);
  const { commit } = await stage.send<{ commit: { sha: string } }>('alice', 'PUT', `/contents/${file}`, {
    message: `change ${file}`,
    content: Buffer.from(content).toString('base64'),
    branch,
    ...(there === undefined ? {} : { sha: there.sha }),
  });
  return commit.sha;
}

async function textOf(stage: Stage, file: string, ref: string): Promise<string> {
  const { content } = await stage.send<{ content: string }>('alice', 'GET', `/contents/${file}?ref=${ref}`);
  return Buffer.from(content, 'base64').toString();
}

describe('somebody pushes to the agent’s branch while a run goes on with it', () => {
  it('merges the work onto what was pushed, tests it again, and moves the branch forward', async () => {
    await using stage = await openStage();
    let pushed = '';
    const { after, before, issue, second } = await race(stage, async (branch) => {
      pushed = await edit(stage, branch, 'NOTES.md', 'by alice\n');
    });
    expect(second.report.conclusion).toBe('success');
    const head = after?.head.sha ?? '';
    const commit = await stage.send<{ parents: { sha: string }[] }>('alice', 'GET', `/git/commits/${head}`);
    expect(commit.parents.map(({ sha }) => sha)).toEqual([pushed]);
    expect(await textOf(stage, 'NOTES.md', head)).toBe('by alice\n');
    expect(await textOf(stage, 'CHANGELOG.md', head)).toBe('- the last word stays\n- the last word stays\n');
    expect(after?.body).toContain('the same, merged with what was pushed meanwhile');
    expect(await stage.tracking(issue)).toContain(`coder updated #${before.number}`);
    expect(await stage.pulls()).toHaveLength(1);
    expect([...(await stage.branches())].sort()).toEqual([before.head.ref, 'main'].sort());
  });

  it('is blocked by a conflict: what was pushed stays as it is, the work is kept on a branch of its own', async () => {
    await using stage = await openStage();
    let pushed = '';
    const { after, before, issue, second } = await race(stage, async (branch) => {
      pushed = await edit(stage, branch, 'CHANGELOG.md', 'rewritten by alice\n');
    });
    expect(second.report.conclusion).toBe('failure');
    expect(after?.head.sha).toBe(pushed);
    const told = await stage.tracking(issue);
    expect(told).toContain('coder is blocked');
    expect(told).toMatch(/E604/);
    const kept = (await stage.branches()).filter((name) => name !== 'main' && name !== before.head.ref);
    expect(kept).toEqual([expect.stringMatching(/^agent\/1\/f2-/)]);
    expect(told).toContain(kept[0]);
    expect(await textOf(stage, 'CHANGELOG.md', encodeURIComponent(kept[0] ?? ''))).toContain('the last word stays');
    expect(await stage.pulls()).toHaveLength(1);
    expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 2 });
  });

  it('does not deliver what fails its tests once merged', async () => {
    await using stage = await openStage();
    const broken = "import test from 'node:test';\n\ntest('alice forbids it', () => {\n  throw new Error('no');\n});\n";
    const { after, issue, second } = await race(stage, (branch) => edit(stage, branch, 'test/alice.test.js', broken));
    expect(second.report.conclusion).toBe('failure');
    expect(await stage.tracking(issue)).toMatch(/Merged with that, `npm test`/);
    expect(after?.body).not.toContain('merged with what was pushed');
  });
});
