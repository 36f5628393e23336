import { createGitHubApi, type GitHubApi } from '../../src/adapters/github/api.ts';
import { createGitRefsBudgetStore } from '../../src/adapters/github/git-refs-budget-store.ts';
import { createGitRefsClaimStore } from '../../src/adapters/github/git-refs-claim-store.ts';
import { startGitRefsServer } from '../fakes/git-refs-server.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { budgetStoreContract } from './budget-store.contract.ts';
import { claimBudgetContract } from './claim-budget.contract.ts';
import { claimStoreContract } from './claim-store.contract.ts';
import { embeddedForge } from './embedded-forge.fixture.ts';

interface Place extends AsyncDisposable {
  api(): GitHubApi;
}

/** A server that speaks GitHub's Git data routes, and refuses what GitHub would refuse. */
async function refsServer(clock: SimulatedClock): Promise<Place> {
  const server = await startGitRefsServer();
  const api = () =>
    createGitHubApi({
      token: 'token',
      repository: { owner: 'octo', name: 'slug' },
      apiUrl: server.url,
      userAgent: 'test',
      // Its own clock: pacing is not what is tested here, only the records' time is.
      clock: { ...clock, sleep: async () => {} },
      signal: new AbortController().signal,
      log: () => {},
    });
  return { api, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The embedded GitHub over real git, with the token of a workflow job. */
async function embedded(clock: SimulatedClock): Promise<Place> {
  const forge = await embeddedForge({ 'README.md': '# slug\n' });
  return {
    api: () => forge.jobApi({ ...clock, sleep: async () => {} }),
    [Symbol.asyncDispose]: () => forge[Symbol.asyncDispose](),
  };
}

function clientsOf(open: (clock: SimulatedClock) => Promise<Place>) {
  return async (clock: SimulatedClock) => {
    const place = await open(clock);
    const newId = countingIds();
    return {
      client: () => createGitRefsClaimStore({ api: place.api(), newId }),
      [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
    };
  };
}

claimStoreContract('the store in git refs', clientsOf(refsServer));
claimBudgetContract('the store in git refs', clientsOf(refsServer));
budgetStoreContract('the store in git refs', async (clock) => {
  const place = await refsServer(clock);
  const options = { api: place.api(), newId: countingIds() };
  return {
    claims: createGitRefsClaimStore(options),
    budgets: createGitRefsBudgetStore(options),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
});

claimStoreContract('the store in git refs of the embedded GitHub', clientsOf(embedded));
claimBudgetContract('the store in git refs of the embedded GitHub', clientsOf(embedded));

function countingIds(): () => string {
  let ids = 0;
  return () => `id-${ids++}`;
}
