import type { AgentIdentity } from './agent-identity.ts';
import type { ClaimHolder, ClaimRecord } from './claim.ts';
import { parseHeldReservation } from './coordination/parse-budget.ts';
import { isCount, isObject } from './json-shape.ts';
import { isRoleName } from './roles/role.ts';
import { readShape } from './shape.ts';
import { teamApprovalShape } from './stages/team-approval-shape.ts';

/** Reads a stored claim; undefined for anything that is not one, so that nobody's junk is taken for a free claim. */
export function parseClaimRecord(value: unknown): ClaimRecord | undefined {
  if (!isObject(value) || value['schema'] !== 1) return undefined;
  const { key, state, leaseId, fence, acquiredAt, expiresAt, ttlMs, progressAt } = value;
  const holder = parseHolder(value['holder']);
  const named = typeof key === 'string' && typeof leaseId === 'string' && holder !== undefined;
  if (!named || (state !== 'free' && state !== 'held')) return undefined;
  if (!isCount(fence) || !isCount(acquiredAt) || !isCount(expiresAt) || !isCount(ttlMs)) return undefined;
  if (progressAt !== undefined && !isCount(progressAt)) return undefined;
  const reservation = parseHeldReservation(value['reservation']);
  if (value['reservation'] !== undefined && reservation === undefined) return undefined;
  return {
    ...{ schema: 1, key, state, holder, leaseId, fence, acquiredAt, expiresAt, ttlMs },
    ...(progressAt !== undefined && { progressAt }),
    ...(reservation !== undefined && { reservation }),
  };
}

function parseHolder(value: unknown): ClaimHolder | undefined {
  if (!isObject(value)) return undefined;
  const { owner, runId, kind, reason, workflowRun } = value;
  const named = typeof owner === 'string' && typeof runId === 'string' && typeof reason === 'string';
  if (!named || (kind !== 'agent' && kind !== 'human')) return undefined;
  const agent = parseAgent(value['agent']);
  if (value['agent'] !== undefined && agent === undefined) return undefined;
  const askedBy = value['askedBy'];
  if (askedBy !== undefined && typeof askedBy !== 'string') return undefined;
  const approval = value['approval'] === undefined ? undefined : readShape(teamApprovalShape, value['approval']);
  if (approval?.kind === 'wrong') return undefined;
  const holder = {
    owner,
    runId,
    kind,
    reason,
    ...(askedBy !== undefined && { askedBy }),
    ...(approval && { approval: approval.value }),
    ...(agent && { agent }),
  } as const;
  if (workflowRun === undefined) return holder;
  if (!isObject(workflowRun)) return undefined;
  const { id, attempt, url } = workflowRun;
  if (!isCount(id) || !isCount(attempt) || typeof url !== 'string') return undefined;
  return { ...holder, workflowRun: { id, attempt, url } };
}

function parseAgent(value: unknown): AgentIdentity | undefined {
  if (!isObject(value)) return undefined;
  const { id, role, version, model } = value;
  if (typeof id !== 'string' || typeof version !== 'string' || typeof model !== 'string') return undefined;
  if (typeof role !== 'string' || !isRoleName(role)) return undefined;
  const capabilities = value['capabilities'];
  if (capabilities === undefined) return { id, role, version, model };
  return isWords(capabilities) ? { id, role, capabilities, version, model } : undefined;
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
