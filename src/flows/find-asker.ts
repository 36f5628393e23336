import { type Actor, isBot } from '../domain/actor-policy.ts';
import { issueClaimKey } from '../domain/claim.ts';
import type { RequestCause } from '../domain/request-cause.ts';
import type { Settings } from '../domain/settings.ts';
import type { TeamApproval } from '../domain/stages/team-approval.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import type { Gate, GateRequest } from './gate.ts';
import { turnAfter, turnOfRun } from './team-turn.ts';

/** For whom something is done, and how much of a right that takes. */
export type FoundAsker =
  | {
      readonly kind: 'asker';
      readonly sender: Actor;
      /** The repository does it for whoever comes. */
      readonly forEverybody: boolean;
      /** Of the team that the request is about. */
      readonly team?: StoredTeamRecord;
      /** What that person had seen when they asked. */
      readonly kept?: TeamApproval;
    }
  | { readonly kind: 'ignored'; readonly reason: string };

/**
 * Whose right counts. Of what people write and press it is theirs. What a machine tells counts for whoever asked for the work
 * at first: a check has no rights, and a team goes on for the one who sent it.
 */
export async function findAsker(gate: Gate, request: GateRequest, settings: Settings): Promise<FoundAsker> {
  const { cause, sender } = request;
  const own = { kind: 'asker', sender, forEverybody: false } as const;
  switch (cause?.kind) {
    case undefined:
    case 'schedule':
      return own;
    case 'review':
    case 'line-comment':
      return cause.again === true ? askerOfRemark(gate, request.issueNumber, cause) : own;
    case 'issue-opened':
      return { ...own, forEverybody: settings.automaticTriage === 'everybody' };
    case 'pull-changed': {
      const forEverybody = settings.automaticReview === 'everybody';
      return cause.again === true ? askerOfPull(gate, request.issueNumber, forEverybody) : { ...own, forEverybody };
    }
    case 'checks':
    case 'base':
      return askerOfWork(gate, request.issueNumber);
    case 'step':
      return askerOfStep(gate, request, cause.step);
    case 'answer':
      return askerOfQuestion(gate, request);
    default:
      return cause satisfies never;
  }
}

/** Of the run that worked on the issue last, as its claim says. */
export async function askerOfWork(
  {
    forge,
    claims,
  }: { readonly forge: Pick<Gate['forge'], 'repository' | 'team'>; readonly claims: Pick<Gate['claims'], 'read'> },
  issue: number,
): Promise<FoundAsker> {
  const team = await forge.team.read(issue);
  if (team !== undefined) return askerOfTeam(team);
  const record = await claims.read(issueClaimKey(forge.repository.owner, forge.repository.name, issue));
  const { askedBy, approval: kept } = record?.holder ?? {};
  if (askedBy === undefined) return { kind: 'ignored', reason: 'nobody is known who asked for this work' };
  return { kind: 'asker', sender: personOf(askedBy), forEverybody: false, ...(kept && { kept }) };
}

type RemarkCause = Extract<RequestCause, { readonly kind: 'review' | 'line-comment' }>;

/** Whoever dispatches names a remark; whose it is, GitHub says. */
async function askerOfRemark({ forge }: Gate, pull: number, cause: RemarkCause): Promise<FoundAsker> {
  const author =
    cause.kind === 'review'
      ? (await forge.reviews.reviews(pull)).find(({ id }) => id === cause.reviewId)?.author
      : (await forge.reviews.comments(pull)).find(({ id }) => id === cause.commentId)?.author;
  if (author === undefined) return { kind: 'ignored', reason: 'nobody said that on this pull request' };
  const sender = personOf(author);
  if (isBot(sender)) return { kind: 'ignored', reason: "the remark is a bot's" };
  return { kind: 'asker', sender, forEverybody: false };
}

/** For whoever opened it, as it was looked at before. */
async function askerOfPull({ forge }: Gate, number: number, forEverybody: boolean): Promise<FoundAsker> {
  const pull = await forge.pullRequest(number);
  if (pull === undefined || pull.draft) return { kind: 'ignored', reason: 'the pull request is not to be looked at' };
  const sender = personOf(pull.author);
  if (isBot(sender)) return { kind: 'ignored', reason: 'a bot opened or changed it' };
  return { kind: 'asker', sender, forEverybody };
}

function askerOfTeam(team: StoredTeamRecord): FoundAsker {
  const { askedBy, approval: kept } = team.record;
  return { kind: 'asker', sender: personOf(askedBy), forEverybody: false, team, ...(kept && { kept }) };
}

/** Only the very step that the record waits for is begun, by whatever dispatched it. */
async function askerOfStep(gate: Gate, request: GateRequest, step: string): Promise<FoundAsker> {
  const { asked, issueNumber } = request;
  const team = await gate.forge.team.read(issueNumber);
  const turn = team && (turnOfRun(team, gate.dispatch?.runId) ?? turnAfter(gate, team));
  const state = turn?.record.state;
  const id = state?.kind === 'pending' ? state.step.id : state?.kind === 'running' ? state.step : undefined;
  const isIt = id === step && asked.kind === 'command' && asked.command.name === turn?.command;
  if (team === undefined || !isIt) return { kind: 'ignored', reason: 'no team waits for this step' };
  return askerOfTeam(team);
}

/** Answers continue what somebody else had asked for. */
async function askerOfQuestion({ forge }: Gate, { issueNumber }: GateRequest): Promise<FoundAsker> {
  const team = await forge.team.read(issueNumber);
  const state = team?.record.state;
  const waits = state?.kind === 'waiting' && state.for === 'answer';
  if (team === undefined || !waits) return { kind: 'ignored', reason: 'nobody waits for an answer here' };
  return askerOfTeam(team);
}

function personOf(login: string): Actor {
  return { login, kind: login.endsWith('[bot]') ? 'bot' : 'user' };
}
