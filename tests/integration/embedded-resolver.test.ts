import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckoutRequest } from '../../src/embedded/runner/run-options.ts';
import { createEmbeddedResolver, ownRepository } from '../../src/runtime/embedded-resolver.ts';
import { embeddedForge } from '../contract/embedded-forge.fixture.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const packageRoot = path.resolve('.');
const hostPath = process.env['PATH'] ?? '';
const repository = { owner: 'octo', name: 'slug' };
const soon = () => AbortSignal.timeout(20_000);
const own = { repository: ownRepository, sha: 'v1', ref: 'refs/tags/v1' };
const resolver = (serverUrl = 'http://127.0.0.1:9') => createEmbeddedResolver({ packageRoot, serverUrl, hostPath });

function checkout(folder: string, change: Partial<CheckoutRequest>): CheckoutRequest {
  return {
    repository: 'octo/slug',
    ref: undefined,
    path: folder,
    token: '',
    persistCredentials: false,
    fetchDepth: 1,
    fetchTags: false,
    sparse: [],
    sparseMode: 'cone',
    clean: true,
    ...change,
  };
}

describe('the checkout of a local run', () => {
  it('fetches a commit with the job’s token and keeps that token nowhere', async () => {
    await using forge = await embeddedForge({ 'README.md': '# slug\n', 'src/a.js': 'a\n' });
    using folder = tempFolder();
    const place = path.join(folder.root, 'workspace');
    const token = forge.github.mintToken({ repository, permissions: { contents: 'read' } });
    const head = await forge.forge.branchHead('main');
    const done = await resolver(forge.github.url).checkout(checkout(place, { token, ref: head }), soon());
    expect(done).toEqual({ commit: head });
    expect(readFileSync(path.join(place, 'src/a.js'), 'utf8')).toBe('a\n');
    expect(readFileSync(path.join(place, '.git/config'), 'utf8')).not.toMatch(/extraheader|authorization/i);
  });

  it('takes the default branch when no ref is named', async () => {
    await using forge = await embeddedForge({ 'README.md': '# slug\n' });
    using folder = tempFolder();
    const token = forge.github.mintToken({ repository, permissions: { contents: 'read' } });
    const done = await resolver(forge.github.url).checkout(checkout(folder.root, { token, fetchDepth: 0 }), soon());
    expect(done.commit).toBe(await forge.forge.branchHead('main'));
  });

  it('is E801, with what git said, when there is no such commit', async () => {
    await using forge = await embeddedForge({ 'README.md': '# slug\n' });
    using folder = tempFolder();
    const token = forge.github.mintToken({ repository, permissions: { contents: 'read' } });
    const request = checkout(folder.root, { token, ref: 'f'.repeat(40) });
    await expect(resolver(forge.github.url).checkout(request, soon())).rejects.toMatchObject({
      code: 'E801',
      message: `checkout of octo/slug at ${request.ref} failed`,
      cause: { message: expect.stringContaining('git -c') },
    });
  });

  it('of our own repository is a copy of the actions, as the sparse checkout of a release gives it', async () => {
    using folder = tempFolder();
    await resolver().checkout(checkout(folder.root, { repository: ownRepository, ref: 'v1' }), soon());
    for (const name of ['gate', 'agent', 'publish', 'coder', 'setup-sandbox']) {
      expect(existsSync(path.join(folder.root, 'actions', name, 'action.yml')), name).toBe(true);
    }
    expect(existsSync(path.join(folder.root, 'src'))).toBe(false);
  });
});

describe('what a workflow names', () => {
  it('is our own action, from this package', async () => {
    expect(await resolver().action('entropy-playground/coder@v1')).toBe(path.join(packageRoot, 'actions/coder'));
  });

  it.each(['actions/cache@v4', 'entropy-playground/nothing@v1', 'entropy-playground/..@v1'])(
    'is not to be had when it is %s',
    async (uses) => {
      expect(await resolver().action(uses)).toBeUndefined();
    },
  );

  it('is our own workflow, by its release or from beside it, and nobody else’s', async () => {
    const file = '.github/workflows/agent.yml';
    const shipped = readFileSync(file, 'utf8');
    const identity = { repository: ownRepository, sha: 'v1', ref: 'refs/tags/v1' };
    const from = { repository: 'octo/slug', sha: 'a', ref: 'refs/heads/main' };
    expect(await resolver().workflow(`${ownRepository}/${file}@v1`, from)).toEqual({
      path: file,
      text: shipped,
      identity,
    });
    expect(await resolver().workflow(`./${file}`, own)).toEqual({ path: file, text: shipped, identity: own });
    expect(await resolver().workflow(`./${file}`, from)).toBeUndefined();
    expect(await resolver().workflow(`${ownRepository}/.github/workflows/none.yml@v1`, from)).toBeUndefined();
  });
});
