import type { Approval } from '../domain/approval.ts';
import { issueClaimKey } from '../domain/claim.ts';
import type { IssueSnapshot } from '../domain/issue.ts';
import type { TeamApproval } from '../domain/stages/team-approval.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import type { Gate, PermittedRequest } from './gate.ts';
import { seenDigest } from './seen-digest.ts';
import type { TeamTurn } from './turn.ts';

/** What whoever sent agents for the issue last had before their eyes; undefined: nobody knows. */
export async function keptApproval(
  { forge, claims }: Pick<Gate, 'forge' | 'claims'>,
  issue: number,
  known?: StoredTeamRecord,
): Promise<TeamApproval | undefined> {
  const team = known ?? (await forge.team.read(issue));
  if (team?.record.approval !== undefined) return team.record.approval;
  const { owner, name } = forge.repository;
  return (await claims.read(issueClaimKey(owner, name, issue)))?.holder.approval;
}

/** What goes on without anybody asking is bound to what was kept. */
export function boundBy(kept: TeamApproval | undefined): Approval {
  if (kept === undefined) return { seen: undefined, comment: undefined, at: undefined };
  const { seen, at, comment, answers } = kept;
  return {
    ...{ seen: undefined, comment: undefined, at, digest: seen },
    ...(comment !== undefined && { upTo: comment }),
    ...(answers && { answers }),
  };
}

/**
 * What is kept for those that follow: what this person saw, if they asked on the issue itself, and else what was kept before.
 * Undefined: nothing was.
 */
export function approvalToKeep(
  { request, issue }: { readonly request: PermittedRequest; readonly issue: IssueSnapshot },
  now: number,
): TeamApproval | undefined {
  const { approval, cause, issueNumber } = request;
  const { digest, upTo, answers } = approval;
  if (digest !== undefined && approval.at !== undefined) {
    const comment = upTo !== undefined && { comment: upTo };
    return { seen: digest, at: approval.at, ...comment, ...(answers && { answers }) };
  }
  const asked = cause === undefined || cause.kind === 'answer';
  if (!asked || issueNumber !== issue.number) return undefined;
  const at = approval.at ?? new Date(now).toISOString();
  return { seen: seenDigest(issue), at, ...(approval.comment && { comment: approval.comment.id }) };
}

/** What the team is told when this turn begins. */
export function turnWith(turn: TeamTurn, approval: TeamApproval | undefined): TeamTurn {
  const { by } = turn;
  if (approval === undefined) return turn;
  switch (by.kind) {
    case 'stored':
      return turn;
    case 'begins':
      return { ...turn, by: { ...by, team: { ...by.team, approval } } };
    case 'event': {
      const { event } = by;
      const moves = event.kind === 'answered' || event.kind === 'resumed' || event.kind === 'plan-approved';
      return moves ? { ...turn, by: { kind: 'event', event: { ...event, approval } } } : turn;
    }
    default:
      return by satisfies never;
  }
}
