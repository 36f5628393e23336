import * as z from 'zod';
import { runStates } from '../../domain/coordination/run-record.ts';
import { agentIdentity } from '../agent.ts';
import { amounts } from '../budget.ts';
import { lease, ttlMs } from '../claim.ts';
import { type Endpoint, readers, viewersOnly, workers } from '../endpoint.ts';
import { pageLimit } from '../page.ts';
import { newRun, runFacts, runProgress, runRecord } from '../run.ts';
import { claimKey, count, id, keyPrefix, moment, text } from '../text.ts';

const params = z.strictObject({ id });
const missing = z.strictObject({ kind: z.literal('missing') });
const illegal = z.strictObject({ kind: z.literal('illegal'), run: runRecord, allowed: z.array(z.enum(runStates)) });
const actor = id.meta({ description: "Who did it: an agent's id. Absent: the caller itself" }).exactOptional();
const changed = z.strictObject({ kind: z.literal('changed'), run: runRecord });
const mayBeIllegal = z.discriminatedUnion('kind', [illegal, missing]);

export const openRun = {
  id: 'openRun',
  method: 'POST',
  path: '/v1/runs',
  tag: 'runs',
  summary: 'Put a run into the books; one of the same id stays as it is. A limited caller holds its claim',
  access: workers,
  body: z.strictObject({ run: newRun, actor }),
  answer: z.strictObject({ kind: z.enum(['opened', 'exists']), run: runRecord }),
} as const satisfies Endpoint;

export const listRuns = {
  id: 'listRuns',
  method: 'GET',
  path: '/v1/runs',
  tag: 'runs',
  summary: 'Runs, newest first',
  access: readers,
  query: z.strictObject({
    task: claimKey.exactOptional(),
    agent: id.exactOptional(),
    states: z.array(z.enum(runStates)).max(runStates.length).exactOptional(),
    since: moment.exactOptional(),
    before: moment.meta({ description: 'Started earlier than this' }).exactOptional(),
    prefix: keyPrefix.meta({ description: 'Of tasks whose keys begin so: `github/octo/slug/`' }).exactOptional(),
    limit: pageLimit,
  }),
  answer: z.strictObject({ runs: z.array(runRecord) }),
} as const satisfies Endpoint;

export const readRun = {
  id: 'readRun',
  method: 'GET',
  path: '/v1/runs/{id}',
  tag: 'runs',
  summary: 'One run',
  access: readers,
  params,
  answer: z.strictObject({ run: runRecord }),
  refusal: missing,
} as const satisfies Endpoint;

export const changeRun = {
  id: 'changeRun',
  method: 'POST',
  path: '/v1/runs/{id}/change',
  tag: 'runs',
  summary: 'Move a run to another state, or change what is known of it',
  access: workers,
  params,
  body: z.strictObject({
    from: z.enum(runStates).meta({ description: 'Only when it stands there' }).exactOptional(),
    to: z.enum(runStates).exactOptional(),
    facts: runFacts.exactOptional(),
    actor,
  }),
  answer: changed,
  refusal: mayBeIllegal,
} as const satisfies Endpoint;

export const heartbeat = {
  id: 'heartbeat',
  method: 'POST',
  path: '/v1/runs/{id}/heartbeat',
  tag: 'runs',
  summary: 'A sign of life: the lease is renewed, progress noted, and the run told whether to stop',
  access: workers,
  params,
  body: z.strictObject({
    lease,
    ttlMs,
    progress: runProgress.meta({ description: 'Only when it got further' }).exactOptional(),
    spent: amounts.exactOptional(),
  }),
  answer: z.strictObject({ lease, run: runRecord }),
  refusal: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('stale') }), illegal, missing]),
} as const satisfies Endpoint;

export const stopRun = {
  id: 'stopRun',
  method: 'POST',
  path: '/v1/runs/{id}/stop',
  tag: 'runs',
  summary: 'Ask a run to end; it sees it with its next heartbeat and saves its work',
  access: workers,
  params,
  body: z.strictObject({ reason: text(2_000), by: id.exactOptional() }),
  answer: changed,
  refusal: mayBeIllegal,
} as const satisfies Endpoint;

export const listAgents = {
  id: 'listAgents',
  method: 'GET',
  path: '/v1/agents',
  tag: 'agents',
  summary: 'Agents, seen most recently first: what each is at, what it did, what it cost',
  access: viewersOnly,
  query: z.strictObject({ since: moment.exactOptional(), limit: pageLimit }),
  answer: z.strictObject({
    agents: z.array(
      z.strictObject({
        agent: agentIdentity,
        run: runRecord.exactOptional(),
        runs: count,
        succeeded: count,
        costMicroUsd: count,
        lastSeenAt: moment,
      }),
    ),
  }),
} as const satisfies Endpoint;
