import { taskKeyOf } from '../../domain/coordination/task-key.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import { fullName, parseFullName, type RepositoryRef } from '../../domain/repository.ts';
import type { ForgeIssues } from '../../ports/forge-issues.ts';
import { sweepChangeSets } from '../change-set/sweep-change-sets.ts';
import { syncRepository } from '../sync-repository.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface Reconciled {
  readonly repositories: number;
  /** Issues and pull requests that GitHub told of. */
  readonly looked: number;
  /** Those whose record was behind. */
  readonly repaired: number;
  /** Changes in several repositories that are not at rest. */
  readonly sets: number;
}

/** Whose turn it is, and which repositories there are: all, or as many as a round takes. */
interface Rotation {
  readonly listedAt: number;
  readonly names: readonly string[];
  readonly at: number;
  /** How many repositories the rounds before this one had, when not all fit into one. */
  readonly after: number;
  /** There are more, for the next round. */
  readonly more: boolean;
}

const rotation = 'reconcile';
const listEveryMs = 60 * 60_000;
/** In one round: their names are kept in one item. */
const maxRepositories = 2_000;
const perTick = 3;
/** Of a hundred issues each; what changed since then besides is asked for in the repository's next turn. */
const maxPages = 3;
/** A repository that is looked at for the first time: what is older comes with its next event, or with `tasks sync`. */
const firstLookMs = 7 * 24 * 60 * 60_000;
/**
 * What changed shortly before is looked at once more: GitHub tells times in seconds, so of two changes in one second the older word
 * may be heard last, and be believed.
 */
const overlapMs = 15 * 60_000;

/**
 * Issues whose webhooks were lost for good: a few repositories each tick, in rotation over all installations, each from where it
 * was looked at last.
 */
export async function reconcileTasks(room: SweepRoom, bounds: SweepBounds): Promise<Reconciled> {
  const { cursors, clock } = room;
  const stored = await cursors.read(rotation);
  let turn = readRotation(stored?.value);
  if (turn === undefined) turn = await list(room, 0);
  else if (turn.at >= turn.names.length) {
    const isAll = turn.after === 0 && !turn.more;
    const isFresh = clock.now() - turn.listedAt <= listEveryMs;
    const after = turn.more ? turn.after + turn.names.length : 0;
    turn = isAll && isFresh ? { ...turn, at: 0 } : await list(room, after);
  }

  const result = { repositories: 0, looked: 0, repaired: 0, sets: 0 };
  try {
    while (result.repositories < perTick && turn.at < turn.names.length && !bounds.isTimeUp()) {
      const repository = parseFullName(turn.names[turn.at] ?? '');
      turn = { ...turn, at: turn.at + 1 };
      if (repository === undefined) continue;
      const { looked, repaired } = await reconcileOne(room, repository, bounds.signal);
      result.repositories += 1;
      result.looked += looked;
      result.repaired += repaired;
      result.sets += await setsOf(room, repository, bounds);
    }
  } finally {
    // Also after a fault: one repository that GitHub does not answer for must not keep the others from their turn.
    await cursors.write(rotation, turn, stored?.version);
  }
  return result;
}

/** The next round: those behind the first `after`. When these were the last ones it begins with the first again. */
async function list(room: SweepRoom, after: number): Promise<Rotation> {
  const names: string[] = [];
  let seen = 0;
  let more = false;
  for await (const name of repositoriesOf(room)) {
    seen += 1;
    if (seen <= after) continue;
    more = names.length === maxRepositories;
    if (more) break;
    names.push(name);
  }
  if (names.length === 0 && after > 0) return list(room, 0);
  if (more) {
    room.log(`reconciling: repositories ${after + 1} to ${after + names.length} in this round, the others in the next`);
  }
  return { listedAt: room.clock.now(), names, at: 0, after, more };
}

async function* repositoriesOf({ app }: SweepRoom): AsyncGenerator<string> {
  for await (const installation of app.installations()) {
    if (installation.suspended) continue;
    for await (const repository of app.repositoriesOf(installation.id)) yield fullName(repository);
  }
}

/** One that has no sets costs one request; one that lost the App, none that anybody misses. */
async function setsOf(room: SweepRoom, repository: RepositoryRef, bounds: SweepBounds): Promise<number> {
  try {
    return await sweepChangeSets(room, repository, bounds);
  } catch (error) {
    if (!(error instanceof EntropyError) || error.retryable) throw error;
    room.log(`the sets of ${fullName(repository)} cannot be looked at: ${describeError(error)}`);
    return 0;
  }
}

async function reconcileOne(
  room: SweepRoom,
  repository: RepositoryRef,
  signal: AbortSignal,
): Promise<{ readonly looked: number; readonly repaired: number }> {
  const { cursors, clock, tasks, host, lookUps } = room;
  const name = `reconcile/${fullName(repository).toLowerCase()}`;
  const stored = await cursors.read(name);
  const since = typeof stored?.value === 'string' ? stored.value : secondOf(clock.now() - firstLookMs);
  let repaired = 0;
  const counting: typeof tasks = {
    ...tasks,
    mirror: async (issue, actor) => {
      const before = await tasks.read(taskKeyOf(issue));
      const after = await tasks.mirror(issue, actor);
      if (before?.version !== after.version) repaired += 1;
      return after;
    },
  };
  try {
    const issues = bounded(room.connect(repository).issues);
    const request = { repository, since, actor: 'github' };
    const report = await syncRepository({ tasks: counting, issues, host, lookUps }, request, signal);
    const next = Math.min(Date.parse(report.next ?? since), clock.now() - overlapMs);
    await cursors.write(name, secondOf(next), stored?.version);
    return { looked: report.issues, repaired };
  } catch (error) {
    // Gone, empty or hidden by now: the others are looked at all the same.
    if (!(error instanceof EntropyError) || error.retryable) throw error;
    room.log(`${fullName(repository)} cannot be reconciled: ${describeError(error)}`);
    return { looked: 0, repaired };
  }
}

/** In the order of their last change, so that what is left out comes the next time. */
function bounded(issues: ForgeIssues): ForgeIssues {
  return {
    ...issues,
    changedSince: async function* (since) {
      let pages = 0;
      for await (const page of issues.changedSince(since)) {
        yield page;
        pages += 1;
        if (pages >= maxPages) return;
      }
    },
  };
}

function secondOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function readRotation(value: unknown): Rotation | undefined {
  if (!isObject(value)) return undefined;
  const { listedAt, names, at, after = 0, more = false } = value;
  if (!isCount(listedAt) || !isCount(at) || !isCount(after) || !Array.isArray(names)) return undefined;
  return { listedAt, at, names: names.filter((name) => typeof name === 'string'), after, more: more === true };
}
