import * as z from 'zod';
import { dependencyKinds, dependencySources } from '../../domain/coordination/dependency.ts';
import { taskStates } from '../../domain/coordination/task-record.ts';
import { agentIdentity } from '../agent.ts';
import { amounts, budgetShortage } from '../budget.ts';
import { lease, ttlMs, workflowRun } from '../claim.ts';
import { type Endpoint, readers, workers } from '../endpoint.ts';
import { pageLimit } from '../page.ts';
import { runRecord } from '../run.ts';
import { dependency, mirroredIssue, taskFacts, taskRecord, taskView } from '../task.ts';
import { claimKey, count, id, text } from '../text.ts';

const params = z.strictObject({ key: claimKey });
const missing = z.strictObject({ kind: z.literal('missing') });
const actor = id.meta({ description: "Who did it: an agent's id. Absent: the caller itself" }).exactOptional();
const query = text(2_000).meta({ description: "GitHub's search language and ours; see docs/query.md" }).exactOptional();
const me = text(100).meta({ description: 'The login behind `@me`' }).exactOptional();

export const mirrorTask = {
  id: 'mirrorTask',
  method: 'POST',
  path: '/v1/tasks/mirror',
  tag: 'tasks',
  summary: 'Take over what GitHub says about an issue or pull request',
  access: workers,
  body: z.strictObject({ issue: mirroredIssue, actor }),
  answer: z.strictObject({ task: taskRecord }),
} as const satisfies Endpoint;

export const searchTasks = {
  id: 'searchTasks',
  method: 'GET',
  path: '/v1/tasks',
  tag: 'tasks',
  summary: 'Tasks that a query asks for, in its order',
  access: readers,
  query: z.strictObject({ q: query, offset: count.max(1_000_000).exactOptional(), limit: pageLimit, me }),
  answer: z.strictObject({ tasks: z.array(taskView), total: count }),
} as const satisfies Endpoint;

export const nextTask = {
  id: 'nextTask',
  method: 'POST',
  path: '/v1/tasks/next',
  tag: 'tasks',
  summary: 'The first ready task of a query, claimed with its budget, its run opened, in one call',
  access: workers,
  body: z.strictObject({
    q: query,
    me,
    agent: agentIdentity,
    runId: id,
    leaseId: id,
    ttlMs,
    kind: z.enum(['agent', 'human']),
    reason: text(2_000),
    workflowRun: workflowRun.exactOptional(),
    amounts: amounts.meta({ description: 'What the run may use at most; reserved with the claim' }),
  }),
  answer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('claimed'), task: taskView, lease, run: runRecord }),
    z.strictObject({ kind: z.literal('none') }),
  ]),
  refusal: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('over-budget'), shortage: budgetShortage }),
    z.strictObject({ kind: z.literal('contended'), tried: count }),
  ]),
} as const satisfies Endpoint;

export const readTask = {
  id: 'readTask',
  method: 'GET',
  path: '/v1/tasks/{key}',
  tag: 'tasks',
  summary: 'Where the work on one issue stands',
  access: readers,
  params,
  answer: z.strictObject({ task: taskView }),
  refusal: missing,
} as const satisfies Endpoint;

export const changeTask = {
  id: 'changeTask',
  method: 'POST',
  path: '/v1/tasks/{key}/change',
  tag: 'tasks',
  summary: 'Move a task to another state, or change what is known of it',
  access: workers,
  params,
  body: z.strictObject({
    actor,
    to: z.enum(taskStates).exactOptional(),
    facts: taskFacts.exactOptional(),
    lease: lease.exactOptional(),
  }),
  answer: z.strictObject({ kind: z.literal('changed'), task: taskRecord }),
  refusal: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('illegal'), task: taskRecord, allowed: z.array(z.enum(taskStates)) }),
    z.strictObject({ kind: z.literal('stale'), task: taskRecord }),
    missing,
  ]),
} as const satisfies Endpoint;

export const listDependencies = {
  id: 'listDependencies',
  method: 'GET',
  path: '/v1/tasks/{key}/dependencies',
  tag: 'dependencies',
  summary: 'The edges from and to one task',
  access: readers,
  params,
  answer: z.strictObject({ dependencies: z.array(dependency) }),
} as const satisfies Endpoint;

export const addDependency = {
  id: 'addDependency',
  method: 'POST',
  path: '/v1/tasks/{key}/dependencies',
  tag: 'dependencies',
  summary: 'Add an edge from or to this task; a cycle is refused with its path',
  access: workers,
  params,
  body: z.strictObject({ dependency, actor }),
  answer: z.strictObject({ kind: z.enum(['added', 'exists']) }),
  refusal: z.strictObject({ kind: z.literal('cycle'), path: z.array(claimKey) }),
} as const satisfies Endpoint;

export const removeDependency = {
  id: 'removeDependency',
  method: 'DELETE',
  path: '/v1/tasks/{key}/dependencies',
  tag: 'dependencies',
  summary: 'Remove an edge from or to this task',
  access: workers,
  params,
  query: z.strictObject({
    kind: z.enum(dependencyKinds),
    from: claimKey,
    to: claimKey,
    source: z.enum(dependencySources),
    actor,
  }),
  answer: z.strictObject({ kind: z.enum(['removed', 'missing']) }),
} as const satisfies Endpoint;

export const mirrorDependencies = {
  id: 'mirrorDependencies',
  method: 'PUT',
  path: '/v1/tasks/{key}/dependencies/{source}',
  tag: 'dependencies',
  summary: 'What one source says about one task from now on; edges of other sources stay',
  access: workers,
  params: z.strictObject({ key: claimKey, source: z.enum(dependencySources) }),
  body: z.strictObject({ edges: z.array(dependency).max(1_000), actor }),
  answer: z.strictObject({ cycles: z.array(z.strictObject({ dependency, path: z.array(claimKey) })) }),
} as const satisfies Endpoint;
