import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignedCall, sqsService } from '../../../src/adapters/aws/signed-call.ts';
import type { SqsRecord } from '../../../src/adapters/aws/sqs-record.ts';
import { createSqsTaskQueue } from '../../../src/adapters/aws/sqs-task-queue.ts';
import { work } from '../../contract/task-queue.fixture.ts';
import { type AwsStandIn, awsSkipped, createQueues, startAws } from '../../fakes/aws-stand-in.ts';

describe.skipIf(awsSkipped() !== undefined)(`a queue of SQS${awsSkipped() ?? ''}`, () => {
  let aws: AwsStandIn | undefined;
  beforeAll(async () => {
    aws = await startAws();
  }, 60_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
  });

  async function open() {
    if (aws === undefined) throw new Error('moto was not started');
    const access = aws.access();
    const queues = await createQueues(access, 5);
    const call = createSignedCall(access, sqsService);
    const raw = (operation: string, input: Readonly<Record<string, unknown>>) =>
      call(operation, { QueueUrl: queues.queueUrl, ...input }, { resource: 'the queue' });
    return {
      queue: createSqsTaskQueue({ access, ...queues, waitSeconds: 0 }),
      sender: createSqsTaskQueue({ access, queueUrl: queues.queueUrl, waitSeconds: 0 }),
      raw,
      deadLetterUrl: queues.deadLetterUrl,
      /** The next message as AWS hands it to a function. */
      record: async (): Promise<SqsRecord> => {
        const names = { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] };
        const { Messages } = await raw('ReceiveMessage', { ...names, VisibilityTimeout: 30 });
        const [message] = Messages as readonly {
          MessageId: string;
          ReceiptHandle: string;
          Body: string;
          Attributes: SqsRecord['attributes'];
          MessageAttributes?: Readonly<Record<string, { StringValue: string }>>;
        }[];
        if (message === undefined) throw new Error('nothing was handed out');
        const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body, Attributes: attributes } = message;
        const own = Object.entries(message.MessageAttributes ?? {});
        const messageAttributes = Object.fromEntries(
          own.map(([name, { StringValue }]) => [name, { stringValue: StringValue }]),
        );
        return { messageId, receiptHandle, body, attributes, messageAttributes };
      },
    };
  }

  it('carries every text that JSON can', async () => {
    const { queue } = await open();
    const body = {
      text: '\u0000\u0001\ufffe\uffff\ud800 \u2028 😀',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    await queue.send(work('a', { body, task: 'github/octo/släg/issues/1' }));
    const [received] = await queue.receive({ limit: 1, visibilityMs: 5_000 });
    expect(received?.work).toEqual(work('a', { body, task: 'github/octo/släg/issues/1' }));
  });

  it('tells role, priority and trace beside the text, for who looks', async () => {
    const { queue, record } = await open();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await queue.send(work('a', { body: { traceparent } }), { priority: 1 });
    expect((await record()).messageAttributes).toMatchObject({
      role: { stringValue: 'coder' },
      priority: { stringValue: '1' },
      traceparent: { stringValue: traceparent },
    });
  });

  it('hands out the most urgent of a batch first', async () => {
    const { queue } = await open();
    for (const [id, priority] of [
      ['late', 4],
      ['usual', 2],
      ['urgent', 0],
    ] as const)
      await queue.send(work(id), { priority });
    const received = await queue.receive({ limit: 10, visibilityMs: 5_000 });
    expect(received.map(({ work: { id } }) => id)).toEqual(['urgent', 'usual', 'late']);
  });

  it.each([
    ['no JSON', 'hello', 'the message is not JSON'],
    ['no work', '{"id":"a"}', 'the message names no task'],
    ['a list', '[]', 'the message is no JSON object'],
  ])('puts %s among the dead letters with the reason, and hands out what comes after it', async (_, text, detail) => {
    const { queue, raw } = await open();
    await raw('SendMessage', { MessageBody: text });
    await queue.send(work('after'));
    const received = await queue.receive({ limit: 5, visibilityMs: 5_000 });
    expect(received.map(({ work: { id } }) => id)).toEqual(['after']);
    const [letter, ...more] = await queue.deadLetters({ limit: 5 });
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ reason: 'rejected', detail, deliveries: 0, work: { body: { unreadable: text } } });
    // As it was: who mends the reader may hand it out anew.
    expect(await queue.redrive([letter?.work.id ?? ''])).toBe(1);
    expect(await queue.receive({ limit: 5, visibilityMs: 5_000 })).toEqual([]);
    expect(await queue.deadLetters({ limit: 5 })).toHaveLength(1);
  });

  it('takes the record of a function for work whose receipt counts', async () => {
    const { queue, record } = await open();
    await queue.send(work('a'));
    const received = await queue.accept(await record(), 60_000);
    if (received === 'buried') throw new Error('it was buried');
    expect(received).toMatchObject({ work: work('a'), deliveries: 1 });
    expect(await queue.release(received.receipt, { kind: 'reject', detail: 'no installation' })).toBe(true);
    expect(await queue.deadLetters({ limit: 5 })).toMatchObject([{ reason: 'rejected', detail: 'no installation' }]);
    expect(await queue.depth()).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 1 });
  });

  it('buries the record of a function that nobody can read or that came too late', async () => {
    const { queue, raw, record } = await open();
    await raw('SendMessage', { MessageBody: 'hello' });
    expect(await queue.accept(await record(), 60_000)).toBe('buried');
    await queue.send(work('old'), { timeToLiveMs: 1 });
    const late = await record();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await queue.accept(late, 60_000)).toBe('buried');
    const reasons = (await queue.deadLetters({ limit: 5 })).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['expired', 'rejected']);
    expect(await queue.depth()).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  it('redrives once what was buried twice by a mover that was killed', async () => {
    const { queue, raw, deadLetterUrl } = await open();
    const MessageBody = JSON.stringify(work('a'));
    for (let copy = 0; copy < 2; copy += 1) await raw('SendMessage', { QueueUrl: deadLetterUrl, MessageBody });
    expect(await queue.deadLetters({ limit: 5 })).toHaveLength(1);
    expect(await queue.redrive()).toBe(1);
    expect(await queue.depth()).toMatchObject({ waiting: 1, dead: 0 });
  });

  it('looks through more dead letters than one answer holds, and leaves them as they are', async () => {
    const { queue, raw, deadLetterUrl } = await open();
    const ids = Array.from({ length: 23 }, (_, index) => `w${index}`);
    await Promise.all(
      ids.map((id) => raw('SendMessage', { QueueUrl: deadLetterUrl, MessageBody: JSON.stringify(work(id)) })),
    );
    for (let look = 0; look < 2; look += 1) {
      const letters = await queue.deadLetters({ limit: 100 });
      expect(letters.map(({ work: { id } }) => id).sort()).toEqual([...ids].sort());
    }
    expect(await queue.redrive(['w3', 'w20'])).toBe(2);
    expect(await queue.depth()).toMatchObject({ waiting: 2, dead: 21 });
    expect(await queue.redrive()).toBe(21);
  });

  it('says what it does not do', async () => {
    const { queue, sender } = await open();
    const refused = { code: 'E725' };
    await expect(queue.receive({ roles: ['coder'], limit: 1, visibilityMs: 1_000 })).rejects.toMatchObject(refused);
    await expect(queue.send(work('a'), { delayMs: 16 * 60_000 })).rejects.toMatchObject(refused);
    await expect(sender.deadLetters({ limit: 1 })).rejects.toMatchObject(refused);
    expect(await sender.send(work('a'))).toBe('sent');
  });
});
