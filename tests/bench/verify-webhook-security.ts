import { createDynamoIdempotencyStore } from '../../src/adapters/dynamodb/idempotency-store.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { webhookCases } from '../attack/webhook/cases.ts';
import { coordinatorDoor, functionDoor } from '../attack/webhook/door.ts';
import { judge, judgeAddresses, judgeInstallation, judgeReplay } from '../attack/webhook/judge.ts';
import { awsMissing, startAws } from '../fakes/aws-stand-in.ts';
import { dispatchScene } from '../fakes/dispatch-scene.ts';
import { dynamoTestTable } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import type { Figure } from './figure.ts';
import { hammerReceiver } from './webhook-security/hammer-receiver.ts';

const seed = 20_261_121;

/** W1 to W8 of the attack catalogue, each beside its benign twin; and requests by the million. */
export const figure: Figure = async ({ quick, progress }) => {
  const missing = awsMissing() ?? dynamoDbLocal.missing();
  if (missing !== undefined) return { kind: 'missing', what: 'a stand-in for AWS', fix: missing };

  const failures: string[] = [];
  const tried: Record<string, number> = {};
  const note = (id: string, problems: readonly string[]): void => {
    tried[id] = (tried[id] ?? 0) + 1;
    failures.push(...problems.map((problem) => `${id}: ${problem}`));
  };
  await using aws = await startAws();
  await using door = await functionDoor(aws);
  await using coordinator = coordinatorDoor();
  progress(`${webhookCases.length} attacks and twins, through the function and the coordinator`);
  for (const each of webhookCases) {
    note(each.id, await judge(door, each));
    if (each.doors === 'both') note(each.id, await judge(coordinator, each));
  }

  progress('replays, addresses, installations');
  {
    await using server = await dynamoDbLocal.start();
    await using table = await dynamoTestTable(server.endpoint, createSystemClock());
    await using scene = await dispatchScene();
    note('W2', await judgeReplay(door, scene, createDynamoIdempotencyStore(table.open())));
    note('W6', await judgeAddresses(door));
    note('W7', await judgeInstallation(door, scene));
  }

  const requests = quick ? 20_000 : 1_000_000;
  progress(`${requests} generated requests`);
  const hammered = await hammerReceiver(requests, seed);
  failures.push(...hammered.failures);
  const contained = Object.keys(tried).length === 8 && failures.length === 0;
  return {
    kind: 'measured',
    ok: contained,
    figures: {
      tried: Object.fromEntries(Object.entries(tried).sort()),
      generated: hammered.figures,
      failures: failures.slice(0, 20),
      seed,
      how: 'the function as the stack runs it, its queue and secret on moto, which counts what was queued; the coordinator over HTTP requests; W2 with DynamoDB Local and the dispatcher’s own flow',
    },
    limits: { failures: 0 },
  };
};
