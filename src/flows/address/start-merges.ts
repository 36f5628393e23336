import { baseStep } from '../../domain/base-merge.ts';
import { couldBeAgents } from '../../domain/branch-name.ts';
import { issueClaimKey } from '../../domain/claim.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { looksAtChecks } from '../../domain/stages/looks-at-checks.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import { issueOfOwnPull } from '../claims-of-conversation.ts';
import { askerOfWork } from '../find-asker.ts';
import { hearing } from '../hearing.ts';
import { recoverTeam } from '../team/recover-team.ts';
import type { TeamRoom } from '../team/team-room.ts';
import { knownMergeable } from './known-mergeable.ts';
import { wasTold } from './merge-told.ts';

/** Of an agent's own open pull request: what was done about its base. */
export interface LookedAtBase {
  readonly pullRequest: number;
  readonly what:
    | 'merges'
    /** GitHub has not worked it out in time. */
    | 'untold'
    /** Somebody works on it, or a team that has its own time for it. */
    | 'busy'
    /** A run was sent for these very commits before, or nobody is sent any more. */
    | 'told-before'
    /** Nobody is known for whom it would be done, or they may not start agents any more. */
    | 'nobody-asks'
    | 'started'
    | 'fault';
}

/** Each is at least one request; what is left out is looked at after the next push, or in the next sweep. */
const mostPulls = 50;

/**
 * The base went on: the coder of each own open pull request that git cannot merge any more is asked for, once for each pair of
 * commits. Looked at as it is and not as it was heard, so it may be done at any time. `branch`: the base; absent: any.
 */
export async function startMerges(
  room: TeamRoom,
  branch: string | undefined,
  signal: AbortSignal,
): Promise<readonly LookedAtBase[]> {
  const { forge } = room;
  const open = (await forge.openPullRequestsInto(branch)).filter((pull) => couldBeAgents(pull.headBranch));
  // Most pushes are to repositories in which no agent waits for a merge: they cost one request.
  if (open.length === 0) return [];
  const { automaticBase, branchPrefix } = await room.settings();
  if (!automaticBase) return [];
  const own = open.flatMap((pull) => {
    const issue = issueOfOwnPull(pull, branchPrefix);
    return issue === undefined ? [] : [{ issue, pull }];
  });
  // GitHub begins to work it out when it is asked: all are asked first, and waited for afterwards.
  const asked: OwnPull[] = [];
  for (const { issue, pull } of own.slice(0, mostPulls)) {
    const now = await forge.pullRequest(pull.number);
    if (now?.state === 'open') asked.push({ issue, pull: now });
  }
  const looked: LookedAtBase[] = [];
  for (const each of asked) {
    signal.throwIfAborted();
    looked.push({ pullRequest: each.pull.number, what: await lookAt(room, each, { looked, signal }) });
  }
  return looked;
}

interface OwnPull {
  readonly issue: number;
  readonly pull: PullRequestInfo;
}

interface Looking {
  readonly looked: readonly LookedAtBase[];
  readonly signal: AbortSignal;
}

async function lookAt(room: TeamRoom, own: OwnPull, { looked, signal }: Looking): Promise<LookedAtBase['what']> {
  try {
    // Where one was waited for in vain, the others had as long.
    const isSlow = looked.some(({ what }) => what === 'untold');
    const pull = isSlow ? own.pull : await knownMergeable(room, own.pull, signal);
    if (pull.mergeable === 'unknown') return 'untold';
    if (pull.mergeable === 'yes') return 'merges';
    return await startMerge(room, { ...own, pull }, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof EntropyError)) throw error;
    room.log(`the base of #${own.pull.number} could not be looked at: ${describeError(error)}`);
    return 'fault';
  }
}

async function startMerge(
  room: TeamRoom,
  { issue, pull }: OwnPull,
  signal: AbortSignal,
): Promise<LookedAtBase['what']> {
  const { forge, claims, clock, log, starter } = room;
  const { owner, name } = forge.repository;
  const claim = await claims.read(issueClaimKey(owner, name, issue));
  if (claim?.state === 'held' && claim.expiresAt > clock.now()) return 'busy';
  const team = (await forge.team.read(issue))?.record;
  if (team !== undefined && looksAtChecks(team)) {
    await recoverTeam(room, issue, { signal });
    return 'busy';
  }
  const works = team !== undefined && team.state.kind !== 'waiting' && team.state.kind !== 'over';
  if (works) return 'busy';
  const baseSha = await forge.branchHead(pull.baseBranch);
  if (baseSha === undefined) return 'merges';
  if (await wasTold(forge, await forge.comments(issue), { baseSha, headSha: pull.headSha })) return 'told-before';
  const asker = await askerOfWork(room, issue);
  const mayBegin = asker.kind === 'asker' && (await hearing(forge, await room.settings())(asker.sender.login));
  if (!mayBegin) return 'nobody-asks';
  if (starter === undefined) return 'busy';
  const step = { id: baseStep, command: 'fix', subject: issue, askedAt: clock.now(), asks: clock.now() } as const;
  const started = await starter.start({ issue, step });
  if (started.kind === 'started') return 'started';
  log(`the coder of #${pull.number}, which conflicts with ${pull.baseBranch}, was not started: ${started.reason}`);
  return 'fault';
}
