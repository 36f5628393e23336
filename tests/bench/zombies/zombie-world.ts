import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGitHubApi } from '../../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../../src/adapters/github/forge.ts';
import { createGitRefsClaimStore } from '../../../src/adapters/github/git-refs-claim-store.ts';
import { openSqliteCoordination } from '../../../src/adapters/sqlite/coordination.ts';
import { mergeSettings } from '../../../src/domain/settings.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import type { Books } from '../../../src/flows/coordinated-run.ts';
import type { Gate } from '../../../src/flows/gate.ts';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { claimsOf, fetchOf, type HeldUp, heldUp } from './held-up.ts';

export type ZombieStore = 'git-refs' | 'sqlite';

/** What a job works with: its token, its clients, and where it may be held up. */
export interface Job extends Gate {
  readonly process: HeldUp;
  readonly workflowRun: NonNullable<Gate['workflowRun']>;
}

export interface ZombieWorld extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly repositories: readonly string[];
  readonly books?: Books;
  readonly faults: Faults;
  advance(ms: number): void;
  /** The first job of a new workflow run. */
  job(repository: string): Job;
  /** Another job of the same workflow run, which may be held up. */
  nextJob(before: Job, process: HeldUp): Job;
  end(job: Job): void;
}

/** Planted into every job, to see whether the judgement finds it. */
export interface Faults {
  readonly claims?: (store: ClaimStore) => ClaimStore;
}

export const seedFiles: Readonly<Record<string, string>> = { 'README.md': '# slug\n' };
export const owner = 'octo';
const permissions = { contents: 'write', issues: 'write', 'pull-requests': 'write', actions: 'write' };
/** So many runs in a simulated day are not what is judged here. */
const limits = { maxIssueCostMicroUsd: 1e12, maxDayCostMicroUsd: 1e12, maxConcurrentRuns: 1e6 };

export interface WorldOptions {
  readonly store: ZombieStore;
  readonly repositories: number;
  readonly faults?: Faults;
}

/** The embedded GitHub with some repositories, one clock for all, and the shipped clients over HTTP. */
export async function zombieWorld({ store, repositories: count, faults = {} }: WorldOptions): Promise<ZombieWorld> {
  const folder = tempFolder();
  const source = join(folder.root, 'source');
  mkdirSync(source, { recursive: true });
  for (const [name, text] of Object.entries(seedFiles)) writeFileSync(join(source, name), text);
  const time = simulatedClock();
  // Pacing and patience have their own tests; here nobody waits for time to pass.
  const clock: Clock = { ...time, sleep: async () => {} };
  const repositories = Array.from({ length: count }, (_, index) => `slug-${index + 1}`);
  const github = await startEmbeddedGitHub({
    dataDir: join(folder.root, 'github'),
    rateLimits: 'off',
    clock,
    users: [{ login: owner }, { login: 'alice' }],
    repositories: repositories.map((name) => ({
      ...{ owner, name, source: { kind: 'folder', path: source } as const },
      collaborators: { alice: 'admin' as const },
    })),
  });
  const coordination =
    store === 'sqlite' ? openSqliteCoordination({ path: join(folder.root, 'state.db'), clock }) : undefined;
  for (const name of coordination === undefined ? [] : ['', ...repositories]) {
    const caps = { microUsd: 1e15, tokens: 1e15, turns: 1e15, runs: 1e6 };
    const scopes = name === '' ? [`organisation/${owner}`] : [`repository/${owner}/${name}`];
    for (const scope of scopes.flatMap((scope) => [scope, `${scope}/day`])) {
      await coordination?.budgets.setCaps(scope, caps, 'verify');
    }
  }
  const signal = new AbortController().signal;
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `01JD${String(ids).padStart(22, '0')}`;
  };

  const startRun = (name: string): Job['workflowRun'] => {
    const { id } = github.runs.create({
      repository: { owner, name },
      workflowPath: '.github/workflows/agent.yml',
      ...{ name: 'agent', event: 'issue_comment', title: 'A run', headBranch: 'main' },
      headSha: 'a'.repeat(40),
      actor: 'alice',
    });
    github.runs.update(id, { status: 'in_progress' });
    return { id, attempt: 1, url: `${github.url}/${owner}/${name}/actions/runs/${id}` };
  };
  const open = (name: string, workflowRun: Job['workflowRun'], process: HeldUp): Job => {
    const repository = { owner, name };
    const api = createGitHubApi({
      token: github.mintToken({ repository, permissions }),
      repository,
      apiUrl: github.apiUrl,
      userAgent: 'verify-zombies',
      clock,
      signal,
      log: () => {},
      fetch: fetchOf(process),
      requestTimeoutMs: 600_000,
    });
    const own = coordination?.claims ?? withoutBudgets(createGitRefsClaimStore({ api, newId }));
    const claims = faults.claims === undefined ? own : faults.claims(own);
    return {
      process,
      forge: createGitHubForge(api),
      claims: coordination === undefined ? claims : claimsOf(process, claims),
      ...(coordination && { books: coordination }),
      clock,
      newId,
      log: () => {},
      // A draft cannot be merged by anybody: that would make the judgement easy.
      settingsFrom: async () => ({ ...mergeSettings([]).values, ...limits, draft: false }),
      version: '0.0.0',
      workflowRun,
    };
  };

  return {
    github,
    repositories,
    faults,
    ...(coordination && { books: coordination }),
    advance: (ms) => time.advance(ms),
    job: (name) => open(name, startRun(name), heldUp(undefined)),
    nextJob: ({ forge, workflowRun }, process) => open(forge.repository.name, workflowRun, process),
    end: ({ workflowRun }) => github.runs.update(workflowRun.id, { status: 'completed', conclusion: 'failure' }),
    [Symbol.asyncDispose]: async () => {
      await coordination?.[Symbol.asyncDispose]();
      await github.close();
      folder[Symbol.dispose]();
    },
  };
}

/** What budgets cost in requests is not judged here, and their books in refs would be most of the work. */
function withoutBudgets(store: ClaimStore): ClaimStore {
  return { ...store, acquire: ({ reserve: _left, ...options }) => store.acquire(options) };
}
