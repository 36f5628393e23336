import * as z from 'zod';
import type { TaskFacts } from '../domain/coordination/activity.ts';
import { type Dependency, dependencyKinds, dependencySources } from '../domain/coordination/dependency.ts';
import { type MirroredIssue, type TaskRecord, type TaskView, taskStates } from '../domain/coordination/task-record.ts';
import { agentIdentity } from './agent.ts';
import { claimRecord } from './claim.ts';
import { exactly } from './exactly.ts';
import { amount, claimKey, count, id, moment, positive, share, text } from './text.ts';

/** `octo/slug`, as GitHub spells it; narrow enough that the key made of it cannot be that of another repository. */
export const repositoryName = z
  .string()
  .max(140)
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/\.{0,2}[A-Za-z0-9_-][A-Za-z0-9._-]*$/, 'not owner/name');

export const mirroredIssue = exactly<MirroredIssue>('MirroredIssue')(
  z.strictObject({
    repository: repositoryName,
    number: positive,
    kind: z.enum(['issue', 'pull']),
    title: text(2_000),
    body: text(262_144),
    author: text(200),
    forgeState: z.enum(['open', 'closed']),
    labels: z.array(text(200)).max(200),
    assignees: z.array(text(200)).max(100),
    milestone: text(500).exactOptional(),
    comments: count,
    createdAt: moment,
    updatedAt: moment,
    closedAt: moment.exactOptional(),
  }),
);

const priority = z.number().int().min(0).max(4);
const checkpoints = z.strictObject({
  done: z.array(text(1_000)).max(200),
  next: z.array(text(1_000)).max(200),
});

const factShape = {
  reason: text(4_000).exactOptional(),
  stage: text(200).exactOptional(),
  runId: id.exactOptional(),
  agent: agentIdentity.exactOptional(),
  lastFailure: text(4_000).exactOptional(),
  branch: text(300).exactOptional(),
  pullRequest: positive.exactOptional(),
};

export const taskFacts = exactly<TaskFacts>('TaskFacts')(
  z.strictObject({
    ...factShape,
    priority: priority.exactOptional(),
    progress: share.exactOptional(),
    checkpoints: checkpoints.exactOptional(),
    fence: count.exactOptional(),
    attempts: count.exactOptional(),
    costMicroUsd: amount.exactOptional(),
  }),
);

const taskShape = {
  schema: z.literal(1),
  key: claimKey,
  issue: mirroredIssue,
  state: z.enum(taskStates),
  ...factShape,
  priority,
  progress: share,
  checkpoints,
  fence: count,
  attempts: count,
  costMicroUsd: amount,
  version: count,
};

export const taskRecord = exactly<TaskRecord>('TaskRecord')(z.strictObject(taskShape));

export const taskView = exactly<TaskView>('TaskView')(
  z.strictObject({
    ...taskShape,
    claim: claimRecord.exactOptional(),
    blockedBy: z.array(claimKey),
    blocks: z.array(claimKey),
    openBlockers: count,
    ready: z.boolean(),
  }),
);

export const dependency = exactly<Dependency>('Dependency')(
  z.strictObject({
    kind: z.enum(dependencyKinds),
    from: claimKey,
    to: claimKey,
    source: z.enum(dependencySources),
  }),
);
