import * as z from 'zod';
import type { ActivityChange, ActivityEvent, FoundRecord } from '../domain/coordination/activity.ts';
import { runStates } from '../domain/coordination/run-record.ts';
import { taskStates } from '../domain/coordination/task-record.ts';
import { amounts, budgetCaps, budgetKey, budgetRecord, heldReservation } from './budget.ts';
import { claimHolder, claimRecord, formerHolder, ttlMs } from './claim.ts';
import { exactly } from './exactly.ts';
import { agentMessage } from './message.ts';
import { runFacts, runRecord } from './run.ts';
import { dependency, mirroredIssue, taskFacts, taskRecord } from './task.ts';
import { claimKey, count, id, moment, positive, text } from './text.ts';

const taskState = z.enum(taskStates);
const runState = z.enum(runStates);

const foundRecord = exactly<FoundRecord>('FoundRecord')(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('claim'), claim: claimRecord }),
    z.strictObject({ kind: z.literal('budget'), budget: budgetRecord }),
    z.strictObject({ kind: z.literal('task'), task: taskRecord }),
    z.strictObject({ kind: z.literal('run'), run: runRecord }),
  ]),
);

export const activityChange = exactly<ActivityChange>('ActivityChange')(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('claim.acquired'), claim: claimRecord }),
    z.strictObject({ type: z.literal('claim.stolen'), claim: claimRecord, from: formerHolder }),
    z.strictObject({ type: z.literal('claim.taken-over'), claim: claimRecord, from: formerHolder.exactOptional() }),
    z.strictObject({
      type: z.literal('claim.renewed'),
      key: claimKey,
      fence: positive,
      expiresAt: moment,
      ttlMs,
      progressAt: moment,
    }),
    z.strictObject({ type: z.literal('claim.released'), key: claimKey, fence: positive, holder: claimHolder }),
    z.strictObject({ type: z.literal('claim.effect'), key: claimKey, fence: positive, effect: text(500) }),
    z.strictObject({
      type: z.literal('budget.reserved'),
      claim: claimKey,
      reservation: heldReservation,
      opened: z.array(z.strictObject({ key: budgetKey, caps: budgetCaps })),
    }),
    z.strictObject({
      type: z.literal('budget.settled'),
      claim: claimKey,
      reservation: heldReservation,
      spent: amounts,
    }),
    z.strictObject({
      type: z.literal('budget.limited'),
      scope: budgetKey,
      caps: budgetCaps,
      keys: z.array(budgetKey),
    }),
    z.strictObject({ type: z.literal('task.mirrored'), key: claimKey, issue: mirroredIssue, priority: count }),
    z.strictObject({
      type: z.literal('task.moved'),
      key: claimKey,
      from: taskState,
      to: taskState,
      facts: taskFacts,
    }),
    z.strictObject({ type: z.literal('task.changed'), key: claimKey, facts: taskFacts }),
    z.strictObject({ type: z.literal('dependency.added'), dependency }),
    z.strictObject({ type: z.literal('dependency.removed'), dependency }),
    z.strictObject({ type: z.literal('run.opened'), run: runRecord }),
    z.strictObject({ type: z.literal('run.moved'), id, from: runState, to: runState, facts: runFacts }),
    z.strictObject({ type: z.literal('run.changed'), id, facts: runFacts }),
    z.strictObject({ type: z.literal('run.stop-requested'), id, by: text(200), reason: text(2_000) }),
    z.strictObject({ type: z.literal('message.sent'), message: agentMessage }),
    z.strictObject({ type: z.literal('state.restored'), floor: positive }),
    z.strictObject({ type: z.literal('state.found'), found: foundRecord }),
  ]),
);

export const activityEvent = exactly<ActivityEvent>('ActivityEvent')(
  z.strictObject({
    seq: positive,
    at: moment,
    actor: text(200),
    task: claimKey.exactOptional(),
    run: id.exactOptional(),
    change: activityChange,
  }),
);
