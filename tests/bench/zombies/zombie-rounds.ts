import { defaultBudget } from '../../../src/domain/budget.ts';
import { leaseMarginMinutes } from '../../../src/flows/claim-issue.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';
import { judgeScene } from './judge-scene.ts';
import { knownTrees } from './publishing.ts';
import { type Loss, openScene, type PlayedScene, type ScenePlan } from './zombie-scene.ts';
import { type Faults, type ZombieStore, type ZombieWorld, zombieWorld } from './zombie-world.ts';

export interface ZombieRounds {
  readonly store: ZombieStore;
  readonly zombies: number;
  readonly draw: Draw;
  readonly faults?: Faults;
  /** Scenes at the same time, each in a repository of its own. */
  readonly atOnce?: number;
  readonly progress?: (line: string) => void;
}

export interface ZombieTally {
  zombies: number;
  issues: number;
  /** Different requests before and after which they were held up. */
  moments: number;
  losses: Record<Loss, number>;
  onEarlierPullRequests: number;
  wokeEarly: number;
  /** Told by the publisher itself: it found its claim lost. */
  foundItsClaimLost: number;
  /** What was under way when the claim was lost, by request. */
  inFlight: Record<string, number>;
  pullRequestsClosed: number;
  merges: { tried: number; accepted: number };
  pushesTried: number;
  workKeptBeside: number;
  readonly problems: string[];
}

const leaseMs = (leaseMarginMinutes + defaultBudget.maxMinutes) * 60_000;
/** Any lease is over by then, with what clocks may differ by. */
const longMs = leaseMs + 10 * 60_000;
/** Left of a lease, so little that publishing begins with making it longer. */
const shortMs = 2 * 60_000;
/** More than a publisher has. */
const moments = 46;

/** Scenes in rounds: time is one for all of GitHub, so all of a round lose their leases at once. */
export async function zombieRounds(options: ZombieRounds): Promise<ZombieTally> {
  const { store, zombies, draw, faults, atOnce = 8, progress } = options;
  await using world = await zombieWorld({ store, repositories: atOnce, ...(faults && { faults }) });
  const trees = knownTrees();
  const tally = newTally();
  const seen = new Set<string>();
  for (let round = 1; tally.zombies < zombies; round += 1) {
    const inRow = 1 + draw.below(3);
    const plans = world.repositories.map((repository) => drawPlan(draw, repository, inRow));
    const scenes = await Promise.all(plans.map((plan) => openScene(world, trees, plan)));
    let loss: Loss = 'run-over';
    for (let turn = 1; turn <= inRow; turn += 1) {
      const lost = loss;
      await Promise.all(scenes.map((scene) => scene.admit(lost)));
      if (draw.chance(0.2)) world.advance(leaseMs - shortMs);
      await Promise.all(scenes.map((scene) => scene.publish()));
      loss = draw.one<Loss>(['lease-over', 'lease-over', 'run-over', 'stopped']);
      if (loss === 'lease-over') world.advance(longMs);
    }
    const last = loss;
    const played = await Promise.all(scenes.map((scene) => scene.end(last, draw)));
    for (const scene of played) await count({ world, tally, seen, progress }, scene);
    world.advance(longMs);
    progress?.(`round ${round}: ${tally.zombies} zombies, ${tally.problems.length} problems`);
  }
  tally.moments = seen.size;
  return tally;
}

function drawPlan(draw: Draw, repository: string, inRow: number): ScenePlan {
  return {
    repository,
    work: draw.chance(0.2) ? 'continued' : 'new',
    zombies: Array.from({ length: inRow }, () => ({
      holdAt: 1 + draw.below(moments),
      wakes: draw.chance(0.3) ? 'early' : 'late',
      rerun: draw.chance(0.2),
    })),
  };
}

interface Counting {
  readonly world: ZombieWorld;
  readonly tally: ZombieTally;
  readonly seen: Set<string>;
  readonly progress: ZombieRounds['progress'];
}

async function count({ world, tally, seen, progress }: Counting, scene: PlayedScene): Promise<void> {
  const { problems, inFlight, closedPulls } = await judgeScene(world, scene);
  tally.problems.push(...problems);
  for (const problem of problems) progress?.(problem);
  tally.issues += 1;
  tally.pullRequestsClosed += closedPulls;
  if (scene.last.report.outcome === 'blocked') tally.workKeptBeside += 1;
  for (const request of inFlight) tally.inFlight[request] = (tally.inFlight[request] ?? 0) + 1;
  for (const { plan, loss, task, heldAt, report, tried } of scene.zombies) {
    tally.zombies += 1;
    tally.losses[loss] += 1;
    seen.add(`${plan.holdAt} ${heldAt}`);
    if (task.continues !== undefined) tally.onEarlierPullRequests += 1;
    if (plan.wakes === 'early') tally.wokeEarly += 1;
    if (report.error?.code === 'E701') tally.foundItsClaimLost += 1;
    tally.merges.tried += tried.merges.length;
    tally.merges.accepted += tried.merges.filter((merge) => merge === 'merged').length;
    tally.pushesTried += tried.pushes.length;
  }
}

function newTally(): ZombieTally {
  return {
    ...{ zombies: 0, issues: 0, moments: 0, onEarlierPullRequests: 0, wokeEarly: 0, foundItsClaimLost: 0 },
    losses: { 'lease-over': 0, 'run-over': 0, stopped: 0 },
    ...{ inFlight: {}, pullRequestsClosed: 0, merges: { tried: 0, accepted: 0 } },
    ...{ pushesTried: 0, workKeptBeside: 0, problems: [] },
  };
}
