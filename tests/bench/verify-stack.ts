import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { createDynamoActivityLog } from '../../src/adapters/dynamodb/activity-log.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { ActivityEvent } from '../../src/domain/coordination/activity.ts';
import { foldActivity } from '../../src/domain/coordination/replay.ts';
import type { RunRecord } from '../../src/domain/coordination/run-record.ts';
import { sameData } from '../../src/domain/coordination/same-data.ts';
import { awsMissing } from '../fakes/aws-stand-in.ts';
import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import type { Figure } from './figure.ts';
import { openStackStage, type StackStage } from './stack/stack-stage.ts';
import { until } from './stack/until.ts';

const [first, second] = ['octo/slug', 'octo/snail'] as const;
const limitMs = 240_000;

/**
 * The stack as an admin deploys it, made from the synthesised template on moto and DynamoDB Local, with the functions' own
 * bundles: a signed webhook goes in, the shipped workflow runs on the local runner, and a pull request comes out. Then two
 * repositories share one organisation's budget.
 */
export const figure: Figure = async ({ progress }) => {
  const missing = awsMissing() ?? dynamoDbLocal.missing();
  if (missing !== undefined) return { kind: 'missing', what: 'moto and DynamoDB Local', fix: missing };
  await using stage = await openStackStage({ repositories: [first, second], atOnce: 2, progress });
  const { life, line, books } = await all(stage, progress).catch((error: unknown) => {
    progress(stage.world.logs());
    throw error;
  });
  const failures = Object.entries({ ...life.checks, ...line.checks, ...books.checks }).flatMap(([name, ok]) =>
    ok ? [] : [name],
  );
  return {
    kind: 'measured',
    ok: failures.length === 0,
    figures: {
      failures,
      checked: Object.keys({ ...life.checks, ...line.checks, ...books.checks }),
      ...life.figures,
      ...line.figures,
      ...books.figures,
    },
    limits: { failures: [] },
  };
};

async function all(stage: StackStage, progress: (line: string) => void) {
  const life = await oneLife(stage, progress);
  const line = await twoInLine(stage, progress);
  return { life, line, books: await checkBooks(stage) };
}

type Checks = Readonly<Record<string, boolean>>;

/** From `/agent fix` to a pull request, claim, budget and artifacts. */
async function oneLife(stage: StackStage, progress: (line: string) => void) {
  const { admin, world } = stage;
  const started = performance.now();
  const issue = await stage.ask(first);
  const key = `github/${first}/issues/${issue}`;
  await until('a comment of the App', async () => (await ofApp(stage, first, issue))[0], { withinMs: 60_000 });
  const commentMs = Math.round(performance.now() - started);
  const queued = await until(
    'a run with its workflow',
    async () => (await runsOf(stage, key)).find((run) => run.workflowRun),
    { withinMs: 60_000 },
  );
  const dispatchMs = Math.round(performance.now() - started);
  progress(`${key}: told after ${commentMs} ms, dispatched after ${dispatchMs} ms as ${queued.id}`);
  const run = await endOfRun(stage, queued.id);
  const lifeMs = Math.round(performance.now() - started);
  progress(`${key}: ${run.state} after ${lifeMs} ms, pull request #${run.pullRequest}`);

  const pulls = await world.send<readonly { number: number; user: { login: string }; head: { ref: string } }[]>(
    'GET',
    `/repos/${first}/pulls?state=all`,
  );
  // The record ends first, then the task, then the claim.
  const claim = await until(
    'a claim that is free',
    async () => {
      const read = await admin.claims.read(key);
      return read?.state === 'free' ? read : undefined;
    },
    { withinMs: 30_000 },
  );
  const task = await admin.tasks.read(key);
  const artifacts = (await admin.artifacts.list(run.id)) ?? [];
  const trajectory = await admin.artifacts.download(run.id, 'trajectory.jsonl.gz');
  const comments = await ofApp(stage, first, issue);
  const budget = await admin.budgets.read(`issue/${first}/${issue}`);
  return {
    checks: {
      'the run succeeded': run.state === 'succeeded',
      'one pull request, by the App, from the branch of the fence':
        pulls.length === 1 &&
        pulls[0]?.user.login === 'agents[bot]' &&
        pulls[0].head.ref.startsWith(`agent/${issue}/f1-`),
      'the claim is free with its fence': claim.fence === 1,
      'the task is in review': task?.state === 'in_review' && task.pullRequest === pulls[0]?.number,
      'one comment, closed with the pull request':
        comments.length === 1 && comments[0]?.body.includes(`#${pulls[0]?.number}`) === true,
      'the budget gave back what was not used':
        budget?.runs === 0 && Object.values(budget.reserved).every((amount) => amount === 0),
      'the budget booked what the run told': budget?.spent.turns === run.spent.turns && run.spent.turns > 0,
      'trajectory, patch and result are kept': ['trajectory.jsonl.gz', 'patch.json', 'result.json'].every((name) =>
        artifacts.some((each) => each.name === name),
      ),
      'the trajectory reads back': trajectory !== undefined && (await size(trajectory.body)) > 0,
      'the workflow run is the one that was dispatched': run.workflowRun?.id === queued.workflowRun?.id,
    } satisfies Checks,
    figures: { commentMs, dispatchMs, lifeMs, artifacts: artifacts.map(({ name, bytes }) => `${name} ${bytes}`) },
  };
}

/** Two repositories, one organisation that allows one run at a time. */
async function twoInLine(stage: StackStage, progress: (line: string) => void) {
  const { admin } = stage;
  await admin.budgets.setCaps('organisation/octo', { runs: 1 }, 'verify');
  const one = await stage.ask(first);
  const [ahead] = await until(
    'the first run',
    async () => nonEmpty(await runsOf(stage, `github/${first}/issues/${one}`)),
    { withinMs: 60_000 },
  );
  const two = await stage.ask(second);
  const key = `github/${second}/issues/${two}`;
  const waiting = await until(
    'a comment that it waits',
    async () => (await ofApp(stage, second, two)).find(({ body }) => /line/i.test(body)),
    { withinMs: 60_000 },
  );
  const runsWhileWaiting = (await runsOf(stage, key)).length;
  progress(
    `${key} waits: ${waiting.body
      .replaceAll(/<!--.*?-->/gs, '')
      .trim()
      .slice(0, 160)}`,
  );
  const aheadEnded = await endOfRun(stage, ahead?.id ?? '');
  const freed = performance.now();
  const [woken] = await until('the second run', async () => nonEmpty(await runsOf(stage, key)), { withinMs: 60_000 });
  const wakeMs = Math.round(performance.now() - freed);
  const ended = await endOfRun(stage, woken?.id ?? '');
  progress(`${key}: woken ${wakeMs} ms after the first ended, ${ended.state}`);
  return {
    checks: {
      'the second waits without a run': runsWhileWaiting === 0,
      'a comment says for which budget it waits': waiting.body.includes('organisation/octo'),
      'the first succeeded': aheadEnded.state === 'succeeded',
      'the second began after the first had ended': ended.startedAt >= (aheadEnded.endedAt ?? Number.POSITIVE_INFINITY),
      'the second succeeded': ended.state === 'succeeded',
    } satisfies Checks,
    figures: { wakeMs },
  };
}

/** When all is done: nothing in flight, and the log adds up to what is stored. */
async function checkBooks(stage: StackStage) {
  const { world, admin, table, runner } = stage;
  await runner.idle();
  const depth = await until(
    'an empty queue',
    async () => {
      const told = await admin.queue.depth();
      return told.waiting + told.delayed + told.inFlight === 0 ? told : undefined;
    },
    { withinMs: 60_000 },
  );
  await world.stream.drained();
  const log = createDynamoActivityLog(table, createSystemClock());
  const events: ActivityEvent[] = [];
  for (
    let page = await log.read({ limit: 500 });
    page.length > 0;
    page = await log.read({ after: events.length, limit: 500 })
  )
    events.push(...page);
  const replayed = foldActivity(events);
  const stored = await Promise.all([...replayed.runs.keys()].map((id) => admin.runs.read(id)));
  const book = await admin.budgets.read('organisation/octo');
  const replayedBook = replayed.budgets.get('organisation/octo');
  const archived = await archivedObjects(stage);
  return {
    checks: {
      'the queue is empty, nobody is dead': depth.dead === 0,
      'positions of the log have no holes': events.every(({ seq }, index) => seq === index + 1),
      'the log adds up to the stored runs': stored.every(
        (run) => run !== undefined && sameData(run, replayed.runs.get(run.id)),
      ),
      'the log adds up to the stored budget': book !== undefined && sameData(book, replayedBook),
      'the audit bucket holds the log': archived > 0,
    } satisfies Checks,
    figures: { events: events.length, archivedObjects: archived, messagesHanded: world.queue.handed() },
  };
}

async function archivedObjects({ world }: StackStage): Promise<number> {
  const { region, credentials } = world.aws.access();
  const client = new S3Client({
    region: region ?? 'eu-central-1',
    credentials,
    endpoint: world.aws.endpoint,
    forcePathStyle: true,
  });
  try {
    let count = 0;
    const asked = { Bucket: world.resources.auditBucket, Prefix: 'activity/v1/' };
    for await (const { KeyCount = 0 } of paginateListObjectsV2({ client }, asked)) count += KeyCount;
    return count;
  } finally {
    client.destroy();
  }
}

function runsOf({ admin }: StackStage, task: string): Promise<readonly RunRecord[]> {
  return admin.runs.list({ task, limit: 10 });
}

function endOfRun({ admin }: StackStage, id: string): Promise<RunRecord> {
  return until(
    `the end of run ${id}`,
    async () => {
      const run = await admin.runs.read(id);
      return run?.endedAt === undefined ? undefined : run;
    },
    { withinMs: limitMs, everyMs: 250 },
  );
}

async function ofApp(stage: StackStage, repository: string, issue: number) {
  return (await stage.comments(repository, issue)).filter(({ user }) => user.login === 'agents[bot]');
}

function nonEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

async function size(body: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}
