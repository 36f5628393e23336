import { createSignedCall, sqsService } from '../../../src/adapters/aws/signed-call.ts';
import { createSqsTaskQueue } from '../../../src/adapters/aws/sqs-task-queue.ts';
import { delivered } from '../../attack/webhook/cases.ts';
import { type FunctionDoor, functionDoor } from '../../attack/webhook/door.ts';
import { startAws } from '../../fakes/aws-stand-in.ts';
import { labeledOf25Kb } from '../../fakes/payloads/payloads.ts';
import { spread } from '../figure.ts';

/** Deliveries of 25 KB through the function's own code into SQS on moto, which takes one request at a time. */
export async function webhookRates(count: number): Promise<Readonly<Record<string, unknown>>> {
  await using aws = await startAws();
  await using door = await functionDoor(aws);
  const sent = Array.from({ length: count }, () => delivered(labeledOf25Kb()));
  await door.knock(delivered(labeledOf25Kb()));
  await door.receive();
  const one = await rateOf(door, sent.slice(0, count / 2), 1);
  const many = await rateOf(door, sent.slice(count / 2), 16);
  let queued = 0;
  for (let taken = await door.taken(); taken > 0; taken = await door.taken()) queued += taken;
  return {
    oneAtATime: one,
    sixteenAtATime: many,
    sent: sent.length,
    queued,
    motoAlone: await motoAlone(aws, count / 4),
  };
}

async function rateOf(door: FunctionDoor, sent: readonly Parameters<FunctionDoor['knock']>[0][], atOnce: number) {
  const queue = [...sent];
  const times: number[] = [];
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const before = performance.now();
      const status = await door.knock(next);
      if (status !== 202) throw new Error(`a delivery was answered with ${status}`);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - started) / 1_000;
  return { perSecond: Math.round(sent.length / seconds), ms: spread(times) };
}

/** The same messages without the function, to tell what the stand-in itself takes. */
async function motoAlone(aws: Awaited<ReturnType<typeof startAws>>, count: number) {
  const access = aws.access();
  const call = createSignedCall(access, sqsService);
  const { QueueUrl } = await call('CreateQueue', { QueueName: `alone-${process.pid}` }, { resource: 'alone' });
  const queue = createSqsTaskQueue({ access, queueUrl: String(QueueUrl) });
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = { text: 'x'.repeat(12_000) };
    const before = performance.now();
    await queue.send({ id: String(index), task: 'github/octo/slug', role: 'dispatcher', body });
    times.push(performance.now() - before);
  }
  return { ms: spread(times) };
}
