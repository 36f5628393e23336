import { awsMissing } from '../fakes/aws-stand-in.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import type { Figure } from './figure.ts';
import { timesToDispatch } from './ingest/time-to-dispatch.ts';
import { webhookRates } from './ingest/webhook-rate.ts';

/** How many webhooks a second the function takes, and how long it is from one to the workflow that it starts. */
export const figure: Figure = async ({ quick, progress }) => {
  const missing = awsMissing() ?? dynamoDbLocal.missing();
  if (missing !== undefined) return { kind: 'missing', what: 'moto and DynamoDB Local', fix: missing };
  progress('webhooks through the function into SQS');
  const webhooks = await webhookRates(quick ? 200 : 2_000);
  progress('from a comment to the workflow that it starts');
  const dispatch = await timesToDispatch(quick ? 3 : 10, progress);
  return {
    kind: 'measured',
    ok: true,
    figures: {
      webhooks,
      dispatch,
      how: 'webhooks: 25 KB, the function’s code in this process, SQS on moto, which takes one request at a time and keeps them in Python: motoAlone is what it takes by itself. dispatch: every function from its bundle in a process of its own, the embedded GitHub, moto and DynamoDB Local, all on this machine; the queue is asked every 50 ms',
    },
    limits: {},
  };
};
