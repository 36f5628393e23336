import * as z from 'zod';
import type { ClaimHolder, ClaimRecord, Lease } from '../domain/claim.ts';
import type { TeamApproval } from '../domain/stages/team-approval.ts';
import { agentIdentity } from './agent.ts';
import { heldReservation } from './budget.ts';
import { exactly } from './exactly.ts';
import { wireLimits } from './limits.ts';
import { claimKey, count, id, moment, positive, someText, text } from './text.ts';

export const workflowRun = exactly<NonNullable<ClaimHolder['workflowRun']>>('WorkflowRun')(
  z.strictObject({ id: positive, attempt: positive, url: text(1_000) }),
);

/** What goes on for somebody is bound to what they saw. */
const teamApproval = exactly<TeamApproval>('TeamApproval')(
  z.strictObject({
    seen: someText(64),
    at: someText(40),
    comment: positive.exactOptional(),
    answers: z.array(z.strictObject({ id: positive, digest: someText(64) })).exactOptional(),
  }),
);

export const claimHolder = exactly<ClaimHolder>('ClaimHolder')(
  z.strictObject({
    owner: someText(200),
    runId: id,
    kind: z.enum(['agent', 'human']),
    workflowRun: workflowRun.exactOptional(),
    reason: text(2_000),
    askedBy: someText(200).exactOptional(),
    approval: teamApproval.exactOptional(),
    agent: agentIdentity.exactOptional(),
  }),
);

export const ttlMs = z.number().int().nonnegative().max(wireLimits.leaseMs);

export const claimRecord = exactly<ClaimRecord>('ClaimRecord')(
  z.strictObject({
    schema: z.literal(1),
    key: claimKey,
    state: z.enum(['free', 'held']),
    holder: claimHolder,
    leaseId: id,
    fence: positive,
    acquiredAt: moment,
    expiresAt: moment,
    ttlMs,
    progressAt: moment.exactOptional(),
    reservation: heldReservation.exactOptional(),
  }),
);

export const lease = exactly<Lease>('Lease')(
  z.strictObject({ key: claimKey, leaseId: id, fence: positive, expiresAt: moment }),
);

/** Whose claim it was before, as the activity stream tells it. */
export const formerHolder = z.strictObject({ runId: id, fence: count });
