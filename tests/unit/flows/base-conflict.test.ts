import { describe, expect, it } from 'vitest';
import { baseConflict } from '../../../src/flows/address/base-conflict.ts';
import type { PullRequestInfo } from '../../../src/ports/forge.ts';
import { FakeForge } from '../../fakes/fake-forge.ts';
import { instantClock } from '../../fakes/instant-clock.ts';

type Mergeable = PullRequestInfo['mergeable'];

/** Both sides changed `both.md`; GitHub gives these answers one after the other, the last one for ever. */
async function scene(told: readonly Mergeable[], { many = 0 }: { readonly many?: number } = {}) {
  const others = Object.fromEntries(Array.from({ length: many }, (_, at) => [`many/${at}.txt`, 'old\n']));
  const forge = new FakeForge({ files: { 'both.md': 'one\n', 'ours.md': 'one\n', ...others } });
  const fork = forge.git.branches.get('main') ?? '';
  const commit = (files: Readonly<Record<string, string>>): string =>
    forge.git.commitFiles({ 'both.md': 'one\n', 'ours.md': 'one\n', ...others, ...files }, [fork]);
  forge.git.branches.set('agent/1/f1-x', commit({ 'both.md': 'ours\n', 'ours.md': 'two\n' }));
  const newer = Object.fromEntries(Object.keys(others).map((path) => [path, 'new\n']));
  forge.git.branches.set('main', commit({ 'both.md': 'theirs\n', ...newer }));
  const made = await forge.createPullRequest({
    title: 'x',
    body: '',
    head: 'agent/1/f1-x',
    base: 'main',
    draft: false,
  });
  if (made.kind !== 'created') throw new Error('no pull request');
  let asked = 0;
  const now = (): PullRequestInfo => ({ ...made.pull, mergeable: told[Math.min(asked, told.length - 1)] ?? 'unknown' });
  forge.pullRequest = async () => {
    asked += 1;
    return now();
  };
  const clock = instantClock();
  const ask = () =>
    baseConflict({
      ...{ forge, clock, pull: now(), log: () => {} },
      baseSha: forge.git.branches.get('main') ?? '',
      signal: AbortSignal.timeout(60_000),
    });
  return { forge, fork, clock, ask };
}

describe('whether the base conflicts', () => {
  it('is GitHub’s word, waited for while GitHub works it out', async () => {
    const { ask, clock, fork } = await scene(['unknown', 'unknown', 'conflicts']);
    expect(await ask()).toMatchObject({
      kind: 'conflict',
      reason: { paths: ['both.md'] },
      mergeOf: { forkSha: fork, bothChanged: ['both.md'] },
    });
    expect(clock.sleeps).toEqual([1_000, 2_000]);
  });

  it('is never guessed: both changed a file, and GitHub says that they merge, or says nothing', async () => {
    expect(await (await scene(['yes'])).ask()).toEqual({ kind: 'none' });
    expect(await (await scene(['unknown', 'yes'])).ask()).toEqual({ kind: 'none' });
    const silent = await scene(['unknown']);
    expect(await silent.ask()).toEqual({ kind: 'untold' });
    expect(silent.clock.monotonic()).toBe(15_000);
  });

  it('ends with its signal while it waits', async () => {
    const { forge, clock } = await scene(['unknown']);
    const pull = (await forge.pullRequest(1)) ?? undefined;
    if (pull === undefined) throw new Error('no pull request');
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(baseConflict({ forge, clock, pull, baseSha: 'x', log: () => {}, signal: stop })).rejects.toThrow(
      'stopped',
    );
  });

  it('names what both changed, also where a comparison tells no end of files', async () => {
    const { forge, ask } = await scene(['conflicts'], { many: 3 });
    const compare = forge.compare.bind(forge);
    forge.compare = async (base, head) => {
      const compared = await compare(base, head);
      const isLong = compared.kind === 'ahead' && (compared.paths?.length ?? 0) > 3;
      return isLong ? { kind: 'ahead', paths: undefined } : compared;
    };
    expect(await ask()).toMatchObject({ reason: { paths: ['both.md'] } });
    forge.filesAt = async () => undefined;
    expect(await ask()).toMatchObject({ kind: 'conflict', reason: { paths: [] } });
  });
});
