import { createSqsTaskQueue } from '../../src/adapters/aws/sqs-task-queue.ts';
import { createDynamoActivityLog } from '../../src/adapters/dynamodb/activity-log.ts';
import { dynamoCoordination } from '../../src/adapters/dynamodb/dynamo-coordination.ts';
import { openDynamoTable } from '../../src/adapters/dynamodb/dynamo-table.ts';
import { awsMissing } from '../fakes/aws-stand-in.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { dispatcherNames, openChaosWorld } from './chaos/chaos-world.ts';
import { type FaultRates, planFaults } from './chaos/fault-plan.ts';
import { judgeChaos } from './chaos/judge-chaos.ts';
import { createLoad } from './chaos/load.ts';
import { type PlantedName, plantedFaults } from './chaos/planted-faults.ts';
import { loopQueue } from './chaos/queue-loop.ts';
import { bringChaos, type ChaosParts, comeToTheEnd } from './chaos/run-chaos.ts';
import { startSimulatedRunner } from './chaos/simulated-runner.ts';
import { loopStream } from './chaos/stream-loop.ts';
import { countFlag, type Figure, type FigureFlags } from './figure.ts';

export const options: FigureFlags = {
  seed: { kind: 'count' },
  deliveries: { kind: 'count' },
  planted: { kind: 'choice', of: Object.keys(plantedFaults) },
};

const usualSeed = 20_261_121;
const wholeDeliveries = 10_000;
const rates = {
  whole: { each: 0.002, kill: 0.0006, firstKill: 0.08, callsBetweenKills: 80 },
  quick: { each: 0.003, kill: 0.001, firstKill: 0.02, callsBetweenKills: 150 },
} as const satisfies Readonly<Record<string, FaultRates>>;

/**
 * The deployed stack under everything that goes wrong: deliveries twice, late, under other ids, lost and sent again; processes
 * ended before and after every kind of call that they make; throttles and faults of AWS and GitHub; work in two hands at once.
 * At the end nothing is lost, nothing is done twice, and nobody holds anything.
 */
export const figure: Figure = async (asked) => {
  const { quick, progress } = asked;
  const missing = awsMissing() ?? dynamoDbLocal.missing();
  if (missing !== undefined) return { kind: 'missing', what: 'moto and DynamoDB Local', fix: missing };
  const seed = countFlag(asked, 'seed', usualSeed);
  const deliveries = countFlag(asked, 'deliveries', quick ? 120 : wholeDeliveries);
  const batch = quick ? 60 : 200;
  const repositories = Array.from({ length: quick ? 4 : 10 }, (_, index) => `octo/slug-${index + 1}`);
  const plan = planFaults(seed, quick ? rates.quick : rates.whole);

  const planted = asked.flags['planted'] as PlantedName | undefined;
  await using opened = new AsyncDisposableStack();
  const world = opened.use(
    await openChaosWorld({ repositories, seed: seed + 1, plan, progress, ...(planted && { planted }) }),
  );
  const { place, time, functions } = world;
  const access = place.aws.access();
  const { region, credentials } = access;
  const { tableName, queueUrl, deadLetterQueueUrl: deadLetterUrl } = place.resources;
  const table = openDynamoTable({
    tableName,
    clock: time.clock,
    credentials,
    region,
    endpoint: place.dynamodb.endpoint,
  });
  const books = opened.use(
    dynamoCoordination(table, { clock: time.clock, activity: createDynamoActivityLog(table, time.clock) }),
  );
  // So few at once that lines form.
  await books.budgets.setCaps('organisation/octo', { runs: quick ? 2 : 6 }, 'verify');
  const dispatchers = dispatcherNames.map((name) => functions[name]);
  const account = (await credentials()).accessKeyId;
  const desk = createSqsTaskQueue({ access, queueUrl, deadLetterUrl });
  const parts: ChaosParts = {
    ...{ world, plan, books, table, progress },
    load: createLoad(place, repositories, seed + 2),
    queue: opened.use(loopQueue({ access, queueUrl, dispatchers, seed: seed + 3 })),
    stream: opened.use(
      loopStream({ endpoint: place.dynamodb.endpoint, table: tableName, account, archiver: functions.archiver }),
    ),
    runner: opened.use(startSimulatedRunner(world, seed + 4)),
    depth: desk.depth,
  };
  const isWhole = deliveries >= wholeDeliveries;
  await bringChaos(parts, { deliveries, batch, isWhole });
  const open = await comeToTheEnd(parts);
  const judged = await judgeChaos(parts, { open, repositories, isWhole, desk });
  return {
    kind: 'measured',
    ok: judged.failures.length === 0,
    figures: { seed, ...judged },
    limits: { failures: [], deliveries },
  };
};
