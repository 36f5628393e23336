import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoIdempotencyStore } from '../../src/adapters/dynamodb/idempotency-store.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { type AwsStandIn, awsSkipped, startAws } from '../fakes/aws-stand-in.ts';
import { dispatchScene } from '../fakes/dispatch-scene.ts';
import { dynamoTestTable } from '../fakes/dynamo-test-table.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { webhookCases } from './webhook/cases.ts';
import { coordinatorDoor, type Door, type FunctionDoor, functionDoor } from './webhook/door.ts';
import { judge, judgeAddresses, judgeInstallation, judgeReplay } from './webhook/judge.ts';

const suite = awsSkipped() === undefined ? describe : describe.skip;

describe('the coordinator’s webhook', () => {
  let door: Door;
  beforeAll(() => {
    door = coordinatorDoor();
  });
  afterAll(() => door[Symbol.asyncDispose]());

  test.each(webhookCases.filter(({ doors }) => doors === 'both').map((each) => [each.id, each.title, each] as const))(
    '%s: is closed to %s, and open to its twin',
    async (_id, _title, each) => {
      expect(await judge(door, each)).toEqual([]);
    },
  );
});

suite('the webhook of the AWS stack', () => {
  let aws: AwsStandIn;
  let door: FunctionDoor;
  beforeAll(async () => {
    aws = await startAws();
    door = await functionDoor(aws);
  });
  afterAll(() => aws?.[Symbol.asyncDispose]());

  test.each(webhookCases.map((each) => [each.id, each.title, each] as const))(
    '%s: is closed to %s, and open to its twin',
    async (_id, _title, each) => {
      expect(await judge(door, each)).toEqual([]);
    },
  );

  test.skipIf(dynamoDbLocal.missing() !== undefined)(
    'W2: does nothing twice for what was overheard, whatever name it is sent under',
    async () => {
      const clock = createSystemClock();
      await using server = await dynamoDbLocal.start();
      await using table = await dynamoTestTable(server.endpoint, clock);
      await using scene = await dispatchScene();
      expect(await judgeReplay(door, scene, createDynamoIdempotencyStore(table.open()))).toEqual([]);
    },
  );

  test('W6: asks no address that a payload names, and keeps none', async () => {
    expect(await judgeAddresses(door)).toEqual([]);
  });

  test('W7: believes an installation only about repositories that it covers', async () => {
    await using scene = await dispatchScene();
    expect(await judgeInstallation(door, scene)).toEqual([]);
  });
});
