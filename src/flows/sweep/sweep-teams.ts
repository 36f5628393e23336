import { claimPlace } from '../../domain/claim-place.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import { startMerges } from '../address/start-merges.ts';
import { roomOfTeams } from '../dispatch/room-of-teams.ts';
import { recoverTeams } from '../team/recover-team.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface SweptTeams {
  readonly repositories: number;
  /** Teams that are not over. */
  readonly looked: number;
  /** Those that something was told that nobody had told them. */
  readonly moved: number;
  /** Coders that were asked for because a base went on. */
  readonly merges: number;
}

const cursor = 'teams';
/** A team that waits costs a few requests of its repository each time. */
const everyMs = 5 * 60_000;
/** A team's newest run is not older than whoever it waits for takes; who comes later than this says a word on the issue. */
const recentRuns = 300;
const maxRepositories = 20;

/**
 * Teams of the repositories in which something ran lately: steps that were lost, runs that died, waits that are over. And pull
 * requests of agents there that their base left behind.
 */
export async function sweepTeams(room: SweepRoom, { signal, isTimeUp }: SweepBounds): Promise<SweptTeams> {
  const counts = { repositories: 0, looked: 0, moved: 0, merges: 0 };
  const { cursors, clock } = room;
  const stored = await cursors.read(cursor);
  const last = isCount(stored?.value) ? stored.value : 0;
  if (clock.now() - last < everyMs) return counts;
  // Of two sweeps one looks.
  if ((await cursors.write(cursor, clock.now(), stored?.version)) === 'moved') return counts;

  for (const repository of await recentRepositories(room)) {
    if (isTimeUp()) break;
    counts.repositories += 1;
    try {
      const teams = roomOfTeams(room, repository);
      const swept = await recoverTeams(teams, signal);
      counts.looked += swept.length;
      counts.moved += swept.filter(({ what }) => what !== 'as-it-is' && what !== 'done-again').length;
      if (isTimeUp()) break;
      const bases = await startMerges(teams, undefined, signal);
      counts.merges += bases.filter(({ what }) => what === 'started').length;
    } catch (error) {
      if (!(error instanceof EntropyError)) throw error;
      room.log(`the teams of ${fullName(repository)} could not be looked after: ${describeError(error)}`);
    }
  }
  return counts;
}

async function recentRepositories({ runs }: SweepRoom): Promise<readonly RepositoryRef[]> {
  const places = new Map<string, RepositoryRef>();
  for (const { task } of await runs.list({ limit: recentRuns })) {
    const repository = claimPlace(task)?.repository;
    if (repository !== undefined) places.set(fullName(repository).toLowerCase(), repository);
  }
  return [...places.values()].slice(0, maxRepositories);
}
