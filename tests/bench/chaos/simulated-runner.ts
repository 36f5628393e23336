import { setTimeout as delay } from 'node:timers/promises';
import { jobToken } from '../../../src/adapters/coordinator/caller-token.ts';
import {
  type CoordinatorClient,
  createCoordinatorClient,
} from '../../../src/adapters/coordinator/coordinator-client.ts';
import type { Amounts } from '../../../src/domain/coordination/amounts.ts';
import { openRunOfTask } from '../../../src/domain/open-run.ts';
import { dispatchedWorkflow } from '../../../src/domain/shipped-workflow.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { GitHubEvent } from '../../../src/embedded/github/state/github-event.ts';
import { idTokenClaims } from '../../../src/embedded/runner/job/id-token-claims.ts';
import { letGo } from '../../../src/flows/let-go.ts';
import { drawFrom } from '../../fakes/seeded-numbers.ts';
import type { ChaosWorld } from './chaos-world.ts';

export interface SimulatedRunner extends AsyncDisposable {
  readonly counts: { dispatched: number; lost: number; pickedUp: number; died: number; ended: number };
  /** By run: the workflow runs that it was handed to. */
  readonly pickUps: ReadonlyMap<string, ReadonlySet<number>>;
  readonly faults: readonly string[];
  /** Workflow runs that found their run taken, over or stopped. */
  readonly refusals: readonly string[];
  readonly isIdle: () => boolean;
  end(): void;
}

const atOnce = 8;
/** GitHub gives a job to a runner seconds after it said that the run was made; not before it said so. */
const startMs = 600;
const shares = { lost: 0.06, died: 0.12, twice: 0.1, failed: 0.2 };

/** Takes what is dispatched on GitHub as the shipped workflow does, without an agent: it picks up, and ends or dies. */
export function startSimulatedRunner(world: Pick<ChaosWorld, 'place' | 'time'>, seed: number): SimulatedRunner {
  const { github } = world.place;
  const draw = drawFrom(seed);
  const counts = { dispatched: 0, lost: 0, pickedUp: 0, died: 0, ended: 0 };
  const pickUps = new Map<string, Set<number>>();
  const faults: string[] = [];
  const refusals: string[] = [];
  const waiting: (() => Promise<void>)[] = [];
  const closing = new AbortController();
  let atWork = 0;
  let isOver = false;

  const carryOut = async (event: GitHubEvent, runId: number): Promise<void> => {
    const inputs = event.payload['inputs'] as { readonly run: string };
    const luck = isOver ? 'good' : draw.chance(shares.lost) ? 'lost' : draw.chance(shares.died) ? 'died' : 'good';
    await delay(startMs + draw.below(startMs));
    if (luck === 'lost') {
      counts.lost += 1;
      return github.runs.update(runId, { status: 'completed', conclusion: 'cancelled' });
    }
    github.runs.update(runId, { status: 'in_progress' });
    await using client = clientOf(world, { event, runId, signal: closing.signal });
    const picked = await client.dispatch.pickUp(inputs.run);
    if (picked.kind === 'refusal') {
      refusals.push(`${inputs.run}: ${picked.value.kind}`);
      return github.runs.update(runId, { status: 'completed', conclusion: 'success' });
    }
    counts.pickedUp += 1;
    pickUps.set(inputs.run, (pickUps.get(inputs.run) ?? new Set()).add(runId));
    if (draw.chance(shares.twice)) await client.dispatch.pickUp(inputs.run);
    if (luck === 'died') {
      counts.died += 1;
      return github.runs.update(runId, { status: 'completed', conclusion: 'failure' });
    }
    const task = JSON.parse(picked.value.task) as Task;
    const outcome = draw.chance(shares.failed) ? 'failed' : draw.one(['succeeded', 'no_change', 'needs_info'] as const);
    const { claims, tasks, runs, budgets } = client;
    const keeper = { claims, clock: world.time.clock, books: { tasks, runs, budgets } };
    await letGo(keeper, openRunOfTask(task), {
      outcome,
      reason: 'it was simulated',
      spent: someSpend(draw.below(1_000)),
    });
    counts.ended += 1;
    github.runs.update(runId, { status: 'completed', conclusion: outcome === 'failed' ? 'failure' : 'success' });
  };

  const next = (): void => {
    const work = atWork < atOnce ? waiting.shift() : undefined;
    if (work === undefined) return;
    atWork += 1;
    void work().finally(() => {
      atWork -= 1;
      next();
    });
    next();
  };
  const stop = github.onEvent((event) => {
    const { runId } = event;
    if (event.name !== 'workflow_dispatch' || runId === undefined) return;
    counts.dispatched += 1;
    waiting.push(async () => {
      try {
        await carryOut(event, runId);
      } catch (error) {
        faults.push(String(error));
        // As a job that failed: GitHub says that it has ended.
        github.runs.update(runId, { status: 'completed', conclusion: 'failure' });
      }
    });
    next();
  });
  return {
    ...{ counts, pickUps, faults, refusals },
    isIdle: () => atWork === 0 && waiting.length === 0,
    end: () => {
      isOver = true;
    },
    [Symbol.asyncDispose]: async () => {
      stop();
      waiting.length = 0;
      closing.abort(new Error('the runner is closed'));
      while (atWork > 0) await delay(10);
    },
  };
}

function someSpend(some: number): Amounts {
  return {
    microUsd: 1_000 + some,
    tokens: 100 * some,
    turns: 1 + (some % 20),
    minutes: 1 + (some % 3),
    githubPoints: 4,
  };
}

interface Job {
  readonly event: GitHubEvent;
  readonly runId: number;
  readonly signal: AbortSignal;
}

let calls = 0;

function clientOf(
  { place, time }: Pick<ChaosWorld, 'place' | 'time'>,
  { event, runId, signal }: Job,
): CoordinatorClient {
  const { url, token } = place.github.openIdTokens(claimsOf(event, runId));
  return createCoordinatorClient({
    url: place.api.url,
    token: jobToken({ requestUrl: url, requestToken: token, audience: place.api.url, clock: time.clock }),
    clock: time.clock,
    newId: () => {
      calls += 1;
      return `chaos-${process.pid}-${calls}`;
    },
    signal,
    log: () => undefined,
    attemptMs: 15_000,
    deadlineMs: 90_000,
    userAgent: 'chaos',
  });
}

/** As GitHub says them of a job of the shipped workflow. */
function claimsOf({ repository, payload }: GitHubEvent, runId: number): Readonly<Record<string, string>> {
  const name = `${repository.owner}/${repository.name}`;
  const told = payload['repository'] as { readonly id: number; readonly owner: { readonly id: number } };
  const sender = payload['sender'] as { readonly login: string; readonly id: number };
  const ref = 'refs/heads/main';
  const caller = `${name}/.github/workflows/agent.yml@${ref}`;
  const [home = '', file = ''] = /^([^/]+\/[^/]+)\/(.*)$/.exec(dispatchedWorkflow)?.slice(1) ?? [];
  const github = {
    ...{
      ref,
      repository: name,
      repository_owner: repository.owner,
      event_name: 'workflow_dispatch',
      ref_type: 'branch',
    },
    ...{ repository_id: told.id, repository_owner_id: told.owner.id, actor: sender.login, actor_id: sender.id },
    ...{ run_id: runId, run_number: 1, run_attempt: 1, workflow: 'agent', workflow_ref: caller },
  };
  return idTokenClaims(github, { repository: home, path: file, ref: 'refs/tags/v1', sha: '0'.repeat(40) });
}
