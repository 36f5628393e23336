import { couldBeAgents, parseBranchName } from '../domain/branch-name.ts';
import { numberOfEvent, type TriggerEvent } from '../domain/trigger-event.ts';
import type { Forge } from '../ports/forge.ts';
import { issueOfOwnPull } from './claims-of-conversation.ts';
import type { TeamSettings } from './team/team-room.ts';

interface Place {
  readonly forge: Pick<Forge, 'pullRequest'>;
  /** Asked only about what may be an agent's branch. */
  readonly settings: () => Promise<Pick<TeamSettings, 'branchPrefix'>>;
}

/** The issue that an event is about: of a pull request, or of a check, the one that an agent made it for. Undefined: none. */
export async function issueOfEvent(place: Place, event: TriggerEvent): Promise<number | undefined> {
  switch (event.kind) {
    case 'unrelated':
    case 'schedule':
    case 'pushed':
    case 'dispatch':
      return numberOfEvent(event);
    case 'checks':
      if (!couldBeAgents(event.branch)) return undefined;
      return parseBranchName((await place.settings()).branchPrefix, event.branch)?.issue;
    default: {
      const { number, isPullRequest } = event.issue;
      return isPullRequest ? issueOfPull(place, number) : number;
    }
  }
}

async function issueOfPull({ forge, settings }: Place, number: number): Promise<number | undefined> {
  const pull = await forge.pullRequest(number);
  if (pull === undefined || !couldBeAgents(pull.headBranch)) return undefined;
  return issueOfOwnPull(pull, (await settings()).branchPrefix);
}
