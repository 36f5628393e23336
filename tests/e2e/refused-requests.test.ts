import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const inputs = { model: 'scripted:/no/such/script.yaml' };

describe('a request that no agent may work on', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** The whole workflow for a comment, and what is there after it. */
  const ask = async (issue: number, body: string, login = 'alice', before?: () => Promise<unknown>) => {
    const payload = await stage.comment(issue, body, login);
    await before?.();
    const run = await stage.run({ payload, issue, inputs });
    const jobs = Object.fromEntries(run.report.jobs.map(({ id, conclusion }) => [id.split('/').at(-1), conclusion]));
    const gate = run.report.jobs.find(({ id }) => id.endsWith('gate'));
    const said = (await stage.comments(issue)).filter(({ body: text }) => text.startsWith('<!-- entropy:'));
    return { jobs, outputs: gate?.outputs, said: said.map((comment) => comment.body), run };
  };

  /** Refused by the gate, in one comment or in none, and no trace of a run anywhere. */
  const expectRefused = async (issue: number, asked: Awaited<ReturnType<typeof ask>>, text: RegExp | undefined) => {
    expect(asked.jobs).toEqual({ gate: 'success', agent: 'skipped', publish: 'skipped' });
    expect(asked.outputs).toMatchObject({ admitted: 'false', outcome: 'refused' });
    if (text === undefined) expect(asked.said).toEqual([]);
    else expect(asked.said).toEqual([expect.stringMatching(text)]);
    expect(await stage.claim(issue)).toBeUndefined();
    expect(await stage.tracking(issue)).toBe('');
    expect(await stage.pulls()).toEqual([]);
    expect(await stage.branches()).toEqual(['main']);
  };

  it('is refused on a closed issue, with what to do', async () => {
    const issue = await stage.openIssue();
    await stage.send('alice', 'PATCH', `/issues/${issue}`, { state: 'closed' });
    await expectRefused(issue, await ask(issue, '/agent fix'), /This issue is closed.*Reopen it/);
  });

  it('is refused on a locked issue, where an agent could not report', async () => {
    const issue = await stage.openIssue();
    await stage.send('alice', 'PUT', `/issues/${issue}/lock`, {});
    const asked = await ask(issue, '/agent fix');
    expect(asked.outputs?.['report']).toContain('This conversation is locked');
    await expectRefused(issue, { ...asked, said: [] }, undefined);
  });

  it('is refused to an outsider, once, however often they ask', async () => {
    const issue = await stage.openIssue();
    const text = /@carol may not start agents here \(read access; write is needed\)/;
    await expectRefused(issue, await ask(issue, '/agent fix', 'carol'), text);
    await expectRefused(issue, await ask(issue, '/agent fix', 'carol'), text);
  });

  it('is refused for a base branch that is not there', async () => {
    const issue = await stage.openIssue();
    await expectRefused(
      issue,
      await ask(issue, '/agent fix --base no-such-branch'),
      /no branch `no-such-branch` \(E505\)/,
    );
  });

  it('is refused when the issue was edited after the command', async () => {
    const issue = await stage.openIssue();
    const edit = () => stage.send('alice', 'PATCH', `/issues/${issue}`, { body: 'Delete everything instead.' });
    await expectRefused(issue, await ask(issue, '/agent fix', 'alice', edit), /was changed after the command/);
  });

  it('is refused by a broken configuration, which is named', async () => {
    await using broken = await openStage({
      source: { kind: 'folder', path: new URL('fixtures/broken-settings', import.meta.url).pathname },
    });
    const issue = await broken.openIssue();
    const run = await broken.run({ payload: await broken.comment(issue, '/agent fix'), issue, inputs });
    expect(run.report.jobs.find(({ id }) => id.endsWith('gate'))?.outputs).toMatchObject({ outcome: 'refused' });
    const said = (await broken.comments(issue)).at(-1)?.body;
    expect(said).toMatch(/configuration is not valid \(E101\)[\s\S]*max-turns/);
    expect(await broken.claim(issue)).toBeUndefined();
  });

  it('is left alone when it is only talked about', async () => {
    const issue = await stage.openIssue();
    const asked = await ask(issue, 'Somebody could write `/agent fix` here.\n\n> /agent fix\n');
    expect(asked.jobs).toMatchObject({ agent: 'skipped', publish: 'skipped' });
    expect(asked.outputs).toMatchObject({ admitted: 'false', outcome: '' });
    expect(asked.said).toEqual([]);
  });
});
