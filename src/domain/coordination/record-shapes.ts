import { type ApiKey, accessRoles } from '../access/api-key.ts';
import type { AgentIdentity } from '../agent-identity.ts';
import type { ClaimHolder } from '../claim.ts';
import { count, finite, groupOf, listOf, oneOf, plainData, type Shape, text } from '../shape.ts';
import type { Amounts } from './amounts.ts';
import { type AgentMessage, messageTypes } from './message.ts';
import type { Delivery } from './message-delivery.ts';
import { type RunDispatch, type RunRecord, runStates } from './run-record.ts';
import { type MirroredIssue, type TaskRecord, taskStates } from './task-record.ts';

/** Every member of the records that stores keep as plain data; the compiler tells when a type has one more. */

const none = {} as const;
const schema = oneOf([1] as const);

const amounts: Shape<Amounts> = groupOf<Amounts>({
  required: { microUsd: count, tokens: count, turns: count, minutes: count, githubPoints: count },
  optional: none,
});

export const agentShape: Shape<AgentIdentity> = groupOf<AgentIdentity>({
  required: { id: text, role: text, version: text, model: text },
  optional: { capabilities: listOf(text) },
});

type WorkflowRun = NonNullable<ClaimHolder['workflowRun']>;
const workflowRun = groupOf<WorkflowRun>({ required: { id: count, attempt: count, url: text }, optional: none });

const dispatched = groupOf<RunDispatch>({
  required: { tries: count, at: count, traceparent: text },
  optional: { earlier: count },
});

export const runShape: Shape<RunRecord> = groupOf<RunRecord>({
  required: {
    ...{ schema, id: text, task: text, attempt: count, agent: agentShape, state: oneOf(runStates) },
    ...{ leaseId: text, fence: count, startedAt: count, heartbeatAt: count, progressAt: count, spent: amounts },
    progress: groupOf<RunRecord['progress']>({ required: { stage: text, share: finite }, optional: { text } }),
    version: count,
  },
  optional: {
    ...{ reason: text, workflowRun, dispatched, endedAt: count, branch: text, pullRequest: count },
    stopRequested: groupOf<NonNullable<RunRecord['stopRequested']>>({
      required: { by: text, at: count, reason: text },
      optional: none,
    }),
  },
});

/** Without its body, which a store may keep beside it. */
const issueShape: Shape<Omit<MirroredIssue, 'body'>> = groupOf<Omit<MirroredIssue, 'body'>>({
  required: {
    ...{ repository: text, number: count, kind: oneOf(['issue', 'pull'] as const), title: text, author: text },
    ...{ forgeState: oneOf(['open', 'closed'] as const), labels: listOf(text), assignees: listOf(text) },
    ...{ comments: count, createdAt: count, updatedAt: count },
  },
  optional: { milestone: text, closedAt: count },
});

/** A task without its body. */
export type StoredTaskRecord = Omit<TaskRecord, 'issue'> & { readonly issue: Omit<MirroredIssue, 'body'> };
export const taskShape: Shape<StoredTaskRecord> = groupOf<StoredTaskRecord>({
  required: {
    ...{ schema, key: text, issue: issueShape, state: oneOf(taskStates), priority: count, progress: finite },
    checkpoints: groupOf<TaskRecord['checkpoints']>({
      required: { done: listOf(text), next: listOf(text) },
      optional: none,
    }),
    ...{ fence: count, attempts: count, costMicroUsd: count, version: count },
  },
  optional: {
    ...{ reason: text, stage: text, runId: text, agent: agentShape },
    ...{ lastFailure: text, branch: text, pullRequest: count },
  },
});

export const messageShape: Shape<AgentMessage> = groupOf<AgentMessage>({
  required: {
    ...{ schema, id: text, type: oneOf(messageTypes), task: text, from: text, to: text, sentAt: count },
    body: plainData,
  },
  optional: { inReplyTo: text },
});

export const deliveryShape: Shape<Delivery> = groupOf<Delivery>({
  required: { state: oneOf(['waiting', 'acknowledged', 'dead'] as const), deliveries: count, visibleAt: count },
  optional: none,
});

export const apiKeyShape: Shape<ApiKey> = groupOf<ApiKey>({
  required: { id: text, name: text, role: oneOf(accessRoles), createdAt: count, createdBy: text },
  optional: {
    ...{ repositories: listOf(text), expiresAt: count, lastUsedAt: count, rotatedAt: count },
    ...{ oldSecretUntil: count, revokedAt: count },
  },
});
