import { openRunOfTask } from '../../../src/domain/open-run.ts';
import type { RunResult } from '../../../src/domain/run-result.ts';
import type { Task } from '../../../src/domain/task.ts';
import { closeRun } from '../../../src/flows/close-run.ts';
import type { PublishReport } from '../../../src/flows/publish-run.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';
import { type HeldUp, heldUp } from './held-up.ts';
import { admitted, command, handOver, type KnownTrees, publish } from './publishing.ts';
import { type Tried, tryAll } from './try-all.ts';
import { type Job, owner, type ZombieWorld } from './zombie-world.ts';

/** How a claim is lost: its lease runs out, GitHub says that the run is over, a person stops it. */
export type Loss = 'lease-over' | 'run-over' | 'stopped';

/** One publisher that is held up. */
export interface ZombiePlan {
  /** Number of the moment of its publishing. */
  readonly holdAt: number;
  /** When it goes on: as soon as the next run is admitted, or when the last one is done. */
  readonly wakes: 'early' | 'late';
  /** GitHub's "re-run failed jobs" on top. */
  readonly rerun: boolean;
}

export interface ScenePlan {
  readonly repository: string;
  /** A pull request of its own, or one more commit on that of an earlier run. */
  readonly work: 'new' | 'continued';
  /** One after the other on the same issue; then the rightful run comes. */
  readonly zombies: readonly ZombiePlan[];
}

export interface Zombie {
  readonly plan: ZombiePlan;
  readonly loss: Loss;
  readonly task: Task;
  readonly heldAt: string;
  readonly report: PublishReport;
  readonly writes: HeldUp['writes'];
  readonly tried: Tried;
}

/** What was done with an issue, by whom; what came of it is asked of GitHub. */
export interface PlayedScene {
  readonly plan: ScenePlan;
  readonly issue: number;
  readonly baseSha: string;
  readonly zombies: readonly Zombie[];
  readonly last: { readonly task: Task; readonly report: PublishReport };
  /** Runs that were admitted, oldest first. */
  readonly runIds: readonly string[];
}

export interface Scene {
  /** The next zombie-to-be is admitted; who holds the claim loses it before. */
  admit(loss: Loss): Promise<void>;
  /** It publishes until it is held up. */
  publish(): Promise<void>;
  /** The rightful run; afterwards all whom it superseded go on. */
  end(loss: Loss, draw: Draw): Promise<PlayedScene>;
}

interface Begun {
  readonly job: Job;
  readonly task: Task;
  readonly result: RunResult;
}

interface Life extends Begun {
  readonly plan: ZombiePlan;
  readonly process: HeldUp;
  publishing?: Promise<PublishReport>;
  loss?: Loss;
  report?: PublishReport;
}

/** An issue, perhaps with an earlier run's pull request, and runs that are held up in the middle of publishing. */
export async function openScene(world: ZombieWorld, trees: KnownTrees, plan: ScenePlan): Promise<Scene> {
  const { repository } = plan;
  const issue = await openIssue(world, repository);
  const runIds: string[] = [];
  const lives: Life[] = [];
  const begin = async (process = heldUp(undefined)): Promise<Begun> => {
    const gate = world.job(repository);
    const task = await admitted(gate, issue);
    runIds.push(task.runId);
    return { job: world.nextJob(gate, process), task, result: await handOver(gate, task, trees) };
  };
  const lose = async (life: Life, loss: Loss): Promise<void> => {
    life.loss = loss;
    if (loss === 'run-over') world.end(life.job);
    if (loss === 'stopped') await command(world.job(repository), issue, 'stop');
  };
  const succeed = async (loss: Loss, process?: HeldUp): Promise<Begun> => {
    const before = lives.at(-1);
    if (before !== undefined) await lose(before, loss);
    const begun = await begin(process);
    if (before?.plan.wakes === 'early') await live(before);
    return begun;
  };
  if (plan.work === 'continued') {
    const earlier = await begin();
    await publish(earlier.job, earlier.task, earlier.result);
    world.end(earlier.job);
  }

  return {
    admit: async (loss) => {
      const next = plan.zombies[lives.length];
      if (next === undefined) throw new Error('the scene has no more zombies');
      const process = heldUp(next.holdAt);
      lives.push({ ...(await succeed(loss, process)), plan: next, process });
    },
    publish: async () => {
      const life = lives.at(-1);
      if (life === undefined) return;
      life.publishing = publish(life.job, life.task, life.result);
      await Promise.race([life.process.stopped, life.publishing]);
    },
    end: async (loss, draw) => {
      const { job, task, result } = await succeed(loss);
      const last = { task, report: await publish(job, task, result) };
      world.end(job);
      const late = lives.filter(({ plan: { wakes } }) => wakes === 'late');
      for (const life of draw.chance(0.5) ? late : late.reverse()) await live(life);
      const zombies: Zombie[] = [];
      for (const life of lives) {
        // Where a push that was under way landed on an earlier pull request, its head is the zombie's, and people are told.
        const kept = last.report.outcome === 'blocked';
        const zombie = await raised(life, kept ? undefined : issue);
        if (zombie !== undefined) zombies.push(zombie);
      }
      return { plan, issue, baseSha: task.base.sha, zombies, last, runIds };
    },
  };
}

/** To its end, with all that its job would still do. */
async function live(life: Life): Promise<void> {
  const { job, task, result, process, plan, publishing } = life;
  process.wake();
  const report = await publishing;
  if (report !== undefined) life.report = report;
  const end = { kind: 'failed', reason: 'It was held up.', next: '`/agent retry`' } as const;
  await closeRun(job, openRunOfTask(task), end);
  if (plan.rerun && process.heldAt() !== undefined) await publish(job, task, result);
}

/** What it did, and what a program attains that asks nobody. Undefined: it was done before its moment came. */
async function raised(
  { job, task, process, plan, report, loss }: Life,
  issue: number | undefined,
): Promise<Zombie | undefined> {
  const heldAt = process.heldAt();
  if (heldAt === undefined || report === undefined || loss === undefined) return undefined;
  const writes = [...process.writes];
  const tried = issue === undefined ? { merges: [], pushes: [] } : await tryAll(job, process, issue);
  return { plan, loss, task, heldAt, report, writes, tried };
}

async function openIssue({ github }: ZombieWorld, repository: string): Promise<number> {
  const answer = await fetch(`${github.apiUrl}/repos/${owner}/${repository}/issues`, {
    method: 'POST',
    headers: { authorization: `Bearer ${github.userToken('alice')}` },
    body: JSON.stringify({ title: 'Keep the last word', body: 'It is lost.' }),
  });
  const { number } = (await answer.json()) as { readonly number: number };
  return number;
}
