import { isAtWork } from '../../domain/stages/is-at-work.ts';
import { type EarlierTask, goFirst, type TouchingTask } from '../../domain/stages/overlaps.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { TeamRoom } from './team-room.ts';

/** Teams that are looked at before one begins to write code; more of them at work at once have no room in any budget. */
const maxTeams = 50;

/** Running teams of this repository that go first, for they touch the files that this one's plan names. */
export async function makeWay(room: TeamRoom, record: TeamRecord): Promise<readonly EarlierTask[]> {
  const mine = touching(record, await pathsOf(room, record));
  if (mine.paths.length === 0) return [];
  const atWork = (await room.forge.team.issues('at-work')).filter((issue) => issue !== record.issue);
  const left = atWork.length - maxTeams;
  if (left > 0) room.log(`team on #${record.issue}: files of ${left} more teams at work were not looked at`);
  const others: TouchingTask[] = [];
  for (const issue of atWork.slice(0, maxTeams)) {
    const stored = await room.forge.team.read(issue);
    if (stored === undefined || !isAtWork(stored.record)) continue;
    others.push(touching(stored.record, await pathsOf(room, stored.record)));
  }
  return goFirst({ ...mine, begun: false }, others);
}

function touching({ issue, stage, state }: TeamRecord, paths: readonly string[]): TouchingTask {
  return { issue, paths, begun: stage !== 'code' || state.kind === 'running' };
}

/** What the pull request changed, and what the plan named; nothing is known of a task with neither. */
async function pathsOf({ forge }: TeamRoom, { plan, pullRequest }: TeamRecord): Promise<readonly string[]> {
  const planned = plan?.paths ?? [];
  if (pullRequest === undefined) return planned;
  const { files } = await forge.reviews.files(pullRequest);
  const changed = files.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [path, previousPath],
  );
  return [...planned, ...changed];
}
