import type { ClaimHolder, ClaimRecord } from './claim.ts';

/** Reads a stored claim; undefined for anything that is not one, so that nobody's junk is taken for a free claim. */
export function parseClaimRecord(value: unknown): ClaimRecord | undefined {
  if (!isObject(value) || value['schema'] !== 1) return undefined;
  const { key, state, leaseId, fence, acquiredAt, expiresAt, ttlMs } = value;
  const holder = parseHolder(value['holder']);
  const named = typeof key === 'string' && typeof leaseId === 'string' && holder !== undefined;
  if (!named || (state !== 'free' && state !== 'held')) return undefined;
  if (!isCount(fence) || !isCount(acquiredAt) || !isCount(expiresAt) || !isCount(ttlMs)) return undefined;
  return { schema: 1, key, state, holder, leaseId, fence, acquiredAt, expiresAt, ttlMs };
}

function parseHolder(value: unknown): ClaimHolder | undefined {
  if (!isObject(value)) return undefined;
  const { owner, runId, kind, reason, workflowRun } = value;
  const named = typeof owner === 'string' && typeof runId === 'string' && typeof reason === 'string';
  if (!named || (kind !== 'agent' && kind !== 'human')) return undefined;
  const holder = { owner, runId, kind, reason } as const;
  if (workflowRun === undefined) return holder;
  if (!isObject(workflowRun)) return undefined;
  const { id, attempt, url } = workflowRun;
  if (!isCount(id) || !isCount(attempt) || typeof url !== 'string') return undefined;
  return { ...holder, workflowRun: { id, attempt, url } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
