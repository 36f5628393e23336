import type { Caller } from '../domain/access/caller.ts';
import type { ClaimHolder } from '../domain/claim.ts';
import { forbidden, type ProblemDetails } from './problems.ts';

/** A person's claim never runs out and draws from no budget, so no job makes one; undefined: the caller may. */
export function humanClaimProblem(caller: Caller, kind: ClaimHolder['kind']): ProblemDetails | undefined {
  if (kind !== 'human' || caller.kind !== 'runner') return undefined;
  return forbidden('a workflow job is no person, and claims only as an agent', 'claim with the kind agent');
}
