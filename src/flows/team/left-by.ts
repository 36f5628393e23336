import { issueBranchPrefix, parseBranchName } from '../../domain/branch-name.ts';
import { parseMarkers } from '../../domain/markers.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import type { TeamRoom } from './team-room.ts';

type Running = Extract<TeamRecord['state'], { readonly kind: 'running' }>;

/** What a dead run left. A coder that died after its change was published, and before it could say so, has done its work. */
export async function leftBy(room: TeamRoom, record: TeamRecord, { runId, fence }: Running): Promise<TeamEvent> {
  const { stage, issue, pullRequest } = record;
  const { forge } = room;
  if (stage === 'code' || stage === 'address') {
    const pull =
      pullRequest === undefined ? await openedBy(room, { issue, fence }) : await forge.pullRequest(pullRequest);
    const told = pull !== undefined && pull.state === 'open' && (await isMarked(room, pull, runId));
    if (told) {
      return {
        kind: 'ended',
        runId,
        result: { kind: 'changed', pullRequest: pull.number, headSha: pull.headSha, answers: [] },
      };
    }
  }
  return { kind: 'dead', runId };
}

/** The open pull request of the branch that carries this fence. */
async function openedBy(
  { forge, settings }: TeamRoom,
  { issue, fence }: { readonly issue: number; readonly fence: number },
): Promise<PullRequestInfo | undefined> {
  const { branchPrefix } = await settings();
  const branches = await forge.branchesWithPrefix(issueBranchPrefix(branchPrefix, issue));
  const own = branches.find(({ name }) => parseBranchName(branchPrefix, name)?.fence === fence);
  return own === undefined ? undefined : (await forge.openPullRequests(own.name))[0];
}

/** The pull request, or a comment on it, says that this run wrote it. */
async function isMarked(
  { forge }: TeamRoom,
  pull: Pick<PullRequestInfo, 'number' | 'body' | 'author'>,
  runId: string,
): Promise<boolean> {
  for (const { body, author } of [pull, ...(await forge.comments(pull.number))]) {
    const isNamed = parseMarkers(body).some(({ run }) => run === runId);
    // The run's name stands in the team's comment, for everybody to copy.
    if (isNamed && (await forge.isOwnAuthor(author))) return true;
  }
  return false;
}
