import * as z from 'zod';
import type { RunFacts } from '../domain/coordination/activity.ts';
import { type RunDispatch, type RunRecord, runStates } from '../domain/coordination/run-record.ts';
import { agentIdentity } from './agent.ts';
import { amounts } from './budget.ts';
import { workflowRun } from './claim.ts';
import { exactly } from './exactly.ts';
import { claimKey, count, id, moment, positive, share, text } from './text.ts';

export const runProgress = exactly<RunRecord['progress']>('RunProgress')(
  z.strictObject({ stage: text(200), share, text: text(2_000).exactOptional() }),
);

const runDispatch = exactly<RunDispatch>('RunDispatch')(
  z.strictObject({ tries: count, at: moment, traceparent: text(200), earlier: positive.exactOptional() }),
);

const newRunShape = {
  schema: z.literal(1),
  id,
  task: claimKey,
  attempt: count,
  agent: agentIdentity,
  state: z.enum(runStates),
  reason: text(4_000).exactOptional(),
  workflowRun: workflowRun.exactOptional(),
  dispatched: runDispatch.exactOptional(),
  leaseId: id,
  fence: count,
  startedAt: moment,
  endedAt: moment.exactOptional(),
  heartbeatAt: moment,
  progressAt: moment,
  progress: runProgress,
  spent: amounts,
  stopRequested: z.strictObject({ by: text(200), at: moment, reason: text(2_000) }).exactOptional(),
  branch: text(300).exactOptional(),
  pullRequest: positive.exactOptional(),
};

export const newRun = exactly<Omit<RunRecord, 'version'>>('NewRun')(z.strictObject(newRunShape));

export const runRecord = exactly<RunRecord>('RunRecord')(z.strictObject({ ...newRunShape, version: count }));

export const runFacts = exactly<RunFacts>('RunFacts')(
  z.strictObject({
    reason: text(4_000).exactOptional(),
    workflowRun: workflowRun.exactOptional(),
    dispatched: runDispatch.exactOptional(),
    heartbeatAt: moment.exactOptional(),
    progressAt: moment.exactOptional(),
    progress: runProgress.exactOptional(),
    spent: amounts.exactOptional(),
    branch: text(300).exactOptional(),
    pullRequest: positive.exactOptional(),
    endedAt: moment.exactOptional(),
  }),
);
