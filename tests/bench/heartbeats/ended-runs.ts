import { createGitHubApi } from '../../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../../src/adapters/github/forge.ts';
import { readForgeEvent } from '../../../src/adapters/github/forge-event.ts';
import { createGitRefsClaimStore } from '../../../src/adapters/github/git-refs-claim-store.ts';
import type { ClaimHolder } from '../../../src/domain/claim.ts';
import { holderIsDead } from '../../../src/flows/holder-is-dead.ts';
import { mirrorEvent } from '../../../src/flows/mirror-event.ts';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import { gitHubRoom } from '../../fakes/embedded-github-room.ts';
import { issueKey, issueOf, localBooks } from '../../fakes/local-books.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';

export interface EndedRuns {
  runs: number;
  /** Who asked while GitHub said that the run lives, and was refused. */
  refusedBefore: number;
  /** The first to ask after GitHub said that it is over got the claim. */
  freedForTheNextAsker: number;
  /** Free with the delivery of the webhook, before anybody asked. */
  freedByWebhook: number;
  readonly problems: string[];
}

const ttlMs = 3_600_000;
const repository = { owner: 'octo', name: 'slug' };
const permissions = { contents: 'write', actions: 'read', issues: 'read' };

/** In Actions nobody sends signs of life: GitHub's own record of the run frees the claim, long before its lease ends. */
export async function endRuns(runs: number, draw: Draw): Promise<EndedRuns> {
  await using room = await gitHubRoom({ rateLimits: 'off' });
  await using books = await localBooks();
  const { github, clock } = room;
  const seen: EndedRuns = { runs, refusedBefore: 0, freedForTheNextAsker: 0, freedByWebhook: 0, problems: [] };
  const api = createGitHubApi({
    token: github.mintToken({ repository, permissions, lifetimeMs: 1_000 * ttlMs }),
    repository,
    apiUrl: github.apiUrl,
    userAgent: 'verify-heartbeat',
    clock: { ...clock, sleep: async () => {} },
    signal: new AbortController().signal,
    log: () => {},
  });
  const forge = createGitHubForge(api);
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const refs = createGitRefsClaimStore({ api, newId });
  const ask = (claims: ClaimStore, issue: number, workflowRun?: ClaimHolder['workflowRun']) => {
    const runId = newId();
    const holder = { owner: `coder/${runId}`, runId, kind: 'agent', reason: 'verify heartbeat' } as const;
    return claims.acquire({
      key: issueKey(issue),
      holder: { ...holder, ...(workflowRun && { workflowRun }) },
      leaseId: runId,
      ttlMs,
      holderIsDead: (record) => holderIsDead({ forge, log: () => {} }, record),
    });
  };

  for (let issue = 1; issue <= runs; issue += 1) {
    await books.tasks.mirror(issueOf(issue), 'verify');
    const run = github.runs.create({
      repository,
      workflowPath: '.github/workflows/agent.yml',
      ...{ name: 'agent', event: 'issue_comment', title: 'A run', headBranch: 'main' },
      headSha: 'a'.repeat(40),
      actor: 'alice',
    });
    const workflowRun = { id: run.id, attempt: 1, url: run.url };
    github.runs.update(run.id, { status: 'in_progress' });
    for (const claims of [refs, books.claims]) await ask(claims, issue, workflowRun);
    clock.advance(draw.below(600_000));
    for (const claims of [refs, books.claims]) {
      if ((await ask(claims, issue)).kind === 'refused') seen.refusedBefore += 1;
      else seen.problems.push(`issue ${issue} was taken from a run that lives`);
    }

    const delivery = room.events.length;
    const conclusion = draw.one(['cancelled', 'failure', 'timed_out'] as const);
    github.runs.update(run.id, { status: 'completed', conclusion });
    await until(() => room.events.slice(delivery).some(({ name }) => name === 'workflow_run'));
    for (const { name, payload } of room.events.slice(delivery)) {
      const event = readForgeEvent({ event: name, payload: JSON.parse(JSON.stringify(payload)) });
      await mirrorEvent({ ...books, newId, log: () => {}, host: new URL(github.url).host }, event);
    }
    const state = (await books.claims.read(issueKey(issue)))?.state;
    if (state === 'free') seen.freedByWebhook += 1;
    else seen.problems.push(`issue ${issue} is ${state} after the webhook`);
    if ((await ask(refs, issue)).kind === 'granted') seen.freedForTheNextAsker += 1;
    else seen.problems.push(`issue ${issue} was not to be had after its run had ended`);
  }
  return seen;
}

async function until(there: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!there()) {
    if (performance.now() > deadline) throw new Error('GitHub told of no end of the run');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
