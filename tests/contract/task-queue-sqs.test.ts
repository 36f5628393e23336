import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import { createSqsTaskQueue } from '../../src/adapters/aws/sqs-task-queue.ts';
import { queueRules } from '../../src/domain/coordination/queue-rules.ts';
import { type AwsStandIn, awsSkipped, createQueues, startAws } from '../fakes/aws-stand-in.ts';
import { deadLetterContract } from './dead-letters.contract.ts';
import { taskQueueContract } from './task-queue.contract.ts';
import type { TaskQueueSubject } from './task-queue.fixture.ts';

const suite = awsSkipped() === undefined ? describe.concurrent : describe.skip;

suite(`SQS${awsSkipped() ?? ''}`, () => {
  let aws: AwsStandIn | undefined;
  beforeAll(async () => {
    aws = await startAws();
  }, 60_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
  });

  /** A standard queue, with the settings of the stack. */
  const inSqs: TaskQueueSubject = {
    name: 'the queue in SQS',
    promises: {
      order: 'best effort',
      receipts: 'by time',
      roles: 'all',
      ages: 'unknown',
      datesWithinMs: 1_500,
      deduplicationMs: 0,
      maxDeliveries: queueRules.maxDeliveries,
      time: 'real',
    },
    open: async () => {
      if (aws === undefined) throw new Error('moto was not started');
      const access = aws.access();
      const queues = await createQueues(access, queueRules.maxDeliveries);
      return {
        client: () => createSqsTaskQueue({ access, ...queues, waitSeconds: 0 }),
        now: access.clock.now,
        // SQS counts from when it got the request, a little later than we do.
        pass: (ms) => wait(ms + 100),
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };

  taskQueueContract(inSqs);
  deadLetterContract(inSqs);
});
