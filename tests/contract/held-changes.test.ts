import { describe, expect, it } from 'vitest';
import type { Forge } from '../../src/ports/forge.ts';
import { FakeForge } from '../fakes/fake-forge.ts';
import { embeddedForge } from './embedded-forge.fixture.ts';
import { commitOn, headOf } from './forge.contract.ts';
import { heldChangesContract } from './held-changes.contract.ts';

const files = { 'README.md': '# slug\n', 'src/a.txt': 'one\n' };

heldChangesContract('the forge in memory', async () => ({
  forge: new FakeForge({ files }),
  [Symbol.asyncDispose]: async () => {},
}));

heldChangesContract('GitHub, embedded,', async () => {
  const at = await embeddedForge(files);
  const told: string[] = [];
  at.github.onEvent(({ name }) => told.push(name));
  return { forge: at.forge, branchEvents: () => told, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
});

describe('GitHub, embedded, merges by itself', () => {
  const merging = { autoMerge: true, requiredChecks: ['ci'] };

  /** A pull request from a branch of its own, by a job's token. */
  async function opened({ forge }: { readonly forge: Forge }, draft = false) {
    const head = await commitOn(forge, await headOf(forge, 'main'), 'new.txt');
    await forge.createBranch('agent/1/f1-x', head);
    const made = await forge.createPullRequest({ title: 't', body: '', head: 'agent/1/f1-x', base: 'main', draft });
    if (made.kind !== 'created') throw new Error('not created');
    return { forge, head, number: made.pull.number };
  }

  async function post(
    { github }: Awaited<ReturnType<typeof embeddedForge>>,
    path: string,
    { token, body }: { readonly token: string; readonly body: unknown },
  ): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const sent = await fetch(`${github.apiUrl}/repos/octo/slug/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(sent.status).toBe(201);
  }

  it('once the check that is required has succeeded, and not before', async () => {
    await using at = await embeddedForge(files, merging);
    const { forge, head, number } = await opened(at);
    expect(await forge.askToMerge(number, head)).toEqual({ kind: 'asked' });
    expect(await forge.pullRequest(number)).toMatchObject({ state: 'open' });
    const ci = at.github.mintToken({ repository: forge.repository, permissions: { checks: 'write' } });
    const check = async (conclusion: string) => {
      const headers = { authorization: `Bearer ${ci}` };
      const body = JSON.stringify({ name: 'ci', head_sha: head, conclusion });
      return fetch(`${at.github.apiUrl}/repos/octo/slug/check-runs`, { method: 'POST', headers, body });
    };
    expect((await check('failure')).status).toBe(201);
    expect(await forge.pullRequest(number)).toMatchObject({ state: 'open' });
    expect((await check('success')).status).toBe(201);
    expect(await forge.pullRequest(number)).toMatchObject({ state: 'closed', merged: true });
  });

  it.each(['skipped', 'neutral'])('when the required check ends %s', async (conclusion) => {
    await using at = await embeddedForge(files, merging);
    const { forge, head, number } = await opened(at);
    await forge.askToMerge(number, head);
    const token = at.github.mintToken({ repository: forge.repository, permissions: { checks: 'write' } });
    await post(at, 'check-runs', { token, body: { name: 'ci', head_sha: head, conclusion } });
    expect(await forge.pullRequest(number)).toMatchObject({ merged: true });
  });

  it('once the status of the required context says so, and no check of that name speaks against it', async () => {
    await using at = await embeddedForge(files, merging);
    const { forge, head, number } = await opened(at);
    await forge.askToMerge(number, head);
    const permissions = { checks: 'write', statuses: 'write' } as const;
    const token = at.github.mintToken({ repository: forge.repository, permissions });
    await post(at, 'check-runs', { token, body: { name: 'ci', head_sha: head, conclusion: 'failure' } });
    await post(at, `statuses/${head}`, { token, body: { context: 'ci', state: 'success' } });
    expect(await forge.pullRequest(number)).toMatchObject({ state: 'open' });
    await post(at, 'check-runs', { token, body: { name: 'ci', head_sha: head, conclusion: 'success' } });
    expect(await forge.pullRequest(number)).toMatchObject({ merged: true });
  });

  it.each([
    ['where the repository does not allow it', { autoMerge: false, requiredChecks: ['ci'] }, false, /not allowed/],
    ['where there is nothing to wait for', { autoMerge: true, requiredChecks: [] }, false, /clean status/],
    ['a draft', merging, true, /draft/],
  ] as const)('never %s', async (_name, settings, draft, said) => {
    await using at = await embeddedForge(files, settings);
    const { forge, head, number } = await opened(at, draft);
    const answer = await forge.askToMerge(number, head);
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringMatching(said) });
    expect(await forge.pullRequest(number)).toMatchObject({ state: 'open' });
  });

  it('no more once that was taken back, whatever passes then', async () => {
    await using at = await embeddedForge(files, merging);
    const { forge, head, number } = await opened(at);
    expect(await forge.takeBackMerge(number)).toBe('not-asked');
    await forge.askToMerge(number, head);
    expect(await forge.takeBackMerge(number)).toBe('taken-back');
    const ci = at.github.mintToken({ repository: forge.repository, permissions: { checks: 'write' } });
    const headers = { authorization: `Bearer ${ci}` };
    const body = JSON.stringify({ name: 'ci', head_sha: head, conclusion: 'success' });
    await fetch(`${at.github.apiUrl}/repos/octo/slug/check-runs`, { method: 'POST', headers, body });
    expect(await forge.pullRequest(number)).toMatchObject({ state: 'open' });
  });

  it('never another head than the one that was looked at', async () => {
    await using at = await embeddedForge(files, merging);
    const { forge, head, number } = await opened(at);
    await forge.updateBranch('agent/1/f1-x', await commitOn(forge, head, 'next.txt'));
    expect(await forge.askToMerge(number, head)).toMatchObject({ kind: 'refused' });
  });
});
