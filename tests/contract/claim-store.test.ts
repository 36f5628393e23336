import { createGitHubApi } from '../../src/adapters/github/api.ts';
import { createGitRefsClaimStore } from '../../src/adapters/github/git-refs-claim-store.ts';
import { startGitRefsServer } from '../fakes/git-refs-server.ts';
import { memoryClaimStore } from '../fakes/memory-claim-store.ts';
import { claimStoreContract } from './claim-store.contract.ts';
import { embeddedForge } from './embedded-forge.fixture.ts';

claimStoreContract('the store in memory', async (clock) => {
  const store = memoryClaimStore(clock);
  return { client: () => store, [Symbol.asyncDispose]: async () => {} };
});

claimStoreContract('the store in git refs', async (clock) => {
  const server = await startGitRefsServer();
  let ids = 0;
  return {
    client: () => {
      const api = createGitHubApi({
        token: 'token',
        repository: { owner: 'octo', name: 'slug' },
        apiUrl: server.url,
        userAgent: 'test',
        // Its own clock: pacing is not what is tested here, only the records' time is.
        clock: { ...clock, sleep: async () => {} },
        signal: new AbortController().signal,
        log: () => {},
      });
      ids += 1;
      let calls = 0;
      const client = ids;
      return createGitRefsClaimStore({ api, newId: () => `id-${client}-${calls++}` });
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

claimStoreContract('the store in git refs of the embedded GitHub', async (clock) => {
  const embedded = await embeddedForge({ 'README.md': '# slug\n' });
  let ids = 0;
  return {
    client: () =>
      createGitRefsClaimStore({
        api: embedded.jobApi({ ...clock, sleep: async () => {} }),
        newId: () => `id-${ids++}`,
      }),
    [Symbol.asyncDispose]: () => embedded[Symbol.asyncDispose](),
  };
});
