import { sameRepository } from '../repository.ts';

/**
 * `waiting`: for what it depends on. `working`: a run of it was started. `in_review`: its pull request is open. `given-up`: its
 * pull request was closed without a merge.
 */
export const memberStates = ['waiting', 'working', 'in_review', 'merged', 'failed', 'given-up'] as const;
export type MemberState = (typeof memberStates)[number];

/**
 * When a member begins: `merged`: when all that it depends on is merged (written `after`). `in-review`: as soon as there are pull
 * requests to see (written `with`); its own stays a draft until they are merged.
 */
export const memberStarts = ['merged', 'in-review'] as const;
export type MemberStart = (typeof memberStarts)[number];

/** `failed`: a member failed or was given up; nothing begins any more until somebody asks again. */
export const changeSetStates = ['going', 'failed', 'stopped', 'merged'] as const;
export type ChangeSetState = (typeof changeSetStates)[number];

/** The part of one repository, as it was asked for. */
export interface AskedMember {
  /** `octo/lib`: its name within the set. */
  readonly repository: string;
  /** Repositories of the set that are merged before it. */
  readonly dependsOn: readonly string[];
  readonly begins: MemberStart;
}

export interface ChangeSetMember extends AskedMember {
  readonly state: MemberState;
  /** Starts so far: the number of the run that is at work, or that was last. */
  readonly tries: number;
  /** Its own issue, in its repository. */
  readonly issue?: number;
  readonly pullRequest?: number;
  readonly headSha?: string;
  /** Told to people that they may merge it: it is no draft for the sake of the order any more. */
  readonly released?: true;
  /** Merged by somebody before what it depends on. */
  readonly early?: true;
  /** It waits for others, and its pull request is no draft: somebody made it ready, or the repository has no drafts. */
  readonly undrafted?: true;
  /** Whoever stopped the set had its run stopped, or was not allowed to. */
  readonly stopAsked?: true;
  /** Why it failed, or what of it could not be done yet. One sentence of ours, which may quote. */
  readonly why?: string;
}

/**
 * One issue whose change needs several repositories. Kept in the books of whoever opened it, changed by comparing and swapping; a
 * copy lies beside the code of the issue's repository, of which nothing is believed, for whoever may push there can write it.
 */
export interface ChangeSet {
  readonly schema: 1;
  /** Of the issue: `octo/lib`. */
  readonly repository: string;
  readonly issue: number;
  /** Login; whether this person may is asked at every look, and by every member's gate. */
  readonly askedBy: string;
  /** What every member's run is asked for: `fix --budget 1usd`. */
  readonly command: string;
  /** Name of the request that opened it or sent it on, so that the very same one is not heard twice. */
  readonly request: string;
  /** SHA-256 of what the person saw of the issue; a set whose issue was edited since begins nothing more. */
  readonly seen: string;
  /** In the order of the work: each behind what it depends on. */
  readonly members: readonly ChangeSetMember[];
  readonly state: ChangeSetState;
  /** Why it is stopped. */
  readonly why?: string;
  /** Login of who stopped it, the runs of its members with it. */
  readonly stoppedBy?: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

/** More than anybody reviews together. */
export const maxMembers = 10;

export function memberOf(set: Pick<ChangeSet, 'members'>, repository: string): ChangeSetMember | undefined {
  return set.members.find((member) => sameRepository(member.repository, repository));
}

/** The members that it depends on. */
export function before(set: Pick<ChangeSet, 'members'>, member: AskedMember): readonly ChangeSetMember[] {
  return set.members.filter(({ repository }) => member.dependsOn.some((name) => sameRepository(name, repository)));
}

/** All that it depends on is merged: it may be merged as well. */
export function mayMerge(set: Pick<ChangeSet, 'members'>, member: AskedMember): boolean {
  return before(set, member).every(({ state }) => state === 'merged');
}
