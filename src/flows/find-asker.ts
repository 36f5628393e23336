import type { Actor } from '../domain/actor-policy.ts';
import { issueClaimKey } from '../domain/claim.ts';
import type { Settings } from '../domain/settings.ts';
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
    case 'review':
    case 'line-comment':
    case 'schedule':
      return own;
    case 'issue-opened':
      return { ...own, forEverybody: settings.automaticTriage === 'everybody' };
    case 'pull-changed':
      return { ...own, forEverybody: settings.automaticReview === 'everybody' };
    case 'checks':
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
async function askerOfWork({ forge, claims }: Gate, issue: number): Promise<FoundAsker> {
  const team = await forge.team.read(issue);
  const record = await claims.read(issueClaimKey(forge.repository.owner, forge.repository.name, issue));
  const login = team?.record.askedBy ?? record?.holder.askedBy;
  if (login === undefined) return { kind: 'ignored', reason: 'nobody is known who asked for this work' };
  return { kind: 'asker', sender: personOf(login), forEverybody: false, ...(team && { team }) };
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
  return { kind: 'asker', sender: personOf(team.record.askedBy), forEverybody: false, team };
}

/** Answers continue what somebody else had asked for. */
async function askerOfQuestion({ forge }: Gate, { issueNumber }: GateRequest): Promise<FoundAsker> {
  const team = await forge.team.read(issueNumber);
  const state = team?.record.state;
  const waits = state?.kind === 'waiting' && state.for === 'answer';
  if (team === undefined || !waits) return { kind: 'ignored', reason: 'nobody waits for an answer here' };
  return { kind: 'asker', sender: personOf(team.record.askedBy), forEverybody: false, team };
}

function personOf(login: string): Actor {
  return { login, kind: login.endsWith('[bot]') ? 'bot' : 'user' };
}
