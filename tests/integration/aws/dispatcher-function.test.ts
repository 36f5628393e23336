import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dispatcherFunction } from '../../../src/runtime/aws/dispatcher-work.ts';
import { sweeperFunction } from '../../../src/runtime/aws/sweeper-work.ts';
import { awsMissing } from '../../fakes/aws-stand-in.ts';
import { dynamoDbLocal } from '../../fakes/dynamodb-server.ts';
import { type StackScene, stackScene } from '../../fakes/stack-scene.ts';

const context = { getRemainingTimeInMillis: () => 60_000 };
const missing = awsMissing() ?? dynamoDbLocal.missing();

describe.skipIf(missing !== undefined)('dispatcher and sweeper over the services of the stack', () => {
  let scene: StackScene;
  beforeAll(async () => {
    scene = await stackScene();
  }, 120_000);
  afterAll(() => scene[Symbol.asyncDispose](), 30_000);

  test('a comment becomes a claim, a run with its task, and one start; what fails comes again by its id', async () => {
    const { github, parts, send, counted } = scene;
    const { stores } = parts;
    const opened = await github.ask('POST', '/repos/octo/slug/issues', { body: { title: 'Broken', body: 'It is.' } });
    const number: number = opened.json.number;
    await github.ask('POST', `/repos/octo/slug/issues/${number}/comments`, { body: { body: '/agent fix' } });
    await scene.queueLast('issue_comment');
    await send('nonsense', { kind: 'nonsense' });
    const failing = {
      ...parts,
      stores: {
        ...stores,
        queue: {
          ...stores.queue,
          accept: async (record: Parameters<typeof stores.queue.accept>[0], ms: number) => {
            if (record.body.includes('nonsense')) throw new Error('SQS is away');
            return stores.queue.accept(record, ms);
          },
        },
      },
    };
    const records = await scene.records();
    expect(records).toHaveLength(2);
    const answer = await dispatcherFunction(failing)({ Records: records }, context);
    const nonsense = records.find(({ body }) => body.includes('nonsense'));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: nonsense?.messageId }] });

    const key = `github/octo/slug/issues/${number}`;
    const claim = await stores.claims.read(key);
    const run = await stores.runs.read(claim?.holder.runId ?? '');
    expect(claim).toMatchObject({ state: 'held', fence: 1 });
    expect(run).toMatchObject({ state: 'queued', dispatched: { tries: 1 }, workflowRun: { attempt: 1 } });
    expect(await stores.objects.head(`runs/${run?.id}/task.json`)).toMatchObject({ contentType: 'application/json' });
    expect(await stores.tasks.read(key)).toMatchObject({ state: 'claimed', runId: run?.id });
    expect(github.events.filter(({ name }) => name === 'workflow_dispatch')).toHaveLength(1);
    expect(counted.get('RunsDispatched')).toEqual([1]);
    expect(counted.get('WebhookToDispatchMs')).toHaveLength(1);
    // Who starts runs asks GitHub most: it tells what is left, once for the batch.
    expect(counted.get('GitHubLimitLeft')).toEqual([expect.any(Number)]);
    // Tokens of the installation and of the App: one each for all of it.
    const minted = github.exchanges.filter(({ path }) => path.endsWith('/access_tokens'));
    expect(minted).toHaveLength(1);

    // Handed out again, the good one follows nothing more.
    const again = records.filter(({ messageId }) => messageId !== nonsense?.messageId);
    expect(await dispatcherFunction(parts)({ Records: again }, context)).toEqual({ batchItemFailures: [] });
    expect(github.events.filter(({ name }) => name === 'workflow_dispatch')).toHaveLength(1);
    expect(counted.get('DeliveriesDropped')).toEqual([1]);
  }, 60_000);

  test('nobody’s message ends among the dead letters', async () => {
    const { parts, send } = scene;
    await send('nonsense-2', { kind: 'nonsense' });
    const records = (await scene.records()).filter(({ body }) => body.includes('nonsense-2'));
    expect(await dispatcherFunction(parts)({ Records: records }, context)).toEqual({ batchItemFailures: [] });
    const letters = await parts.stores.queue.deadLetters({ limit: 10 });
    expect(letters.map(({ work }) => work.id)).toContain('nonsense-2');
  }, 60_000);

  test('the sweeper looks at every part and finds nothing amiss', async () => {
    const { parts, counted, logged } = scene;
    const report = await sweeperFunction(parts)({}, context);
    const failed = Object.entries(report).filter(([, part]) => part.kind !== 'done');
    expect(failed).toEqual([]);
    expect(report).toMatchObject({
      claims: { figures: { looked: 1, freed: 0 } },
      runs: { figures: { started: 0, ended: 0, stuck: 0 } },
      budgets: { figures: { repaired: 0 } },
      tasks: { figures: { repositories: 2 } },
    });
    expect(counted.get('SweepFaults')).toEqual([0]);
    expect(logged.filter(({ message }) => message === 'sweep')).toHaveLength(1);
  }, 60_000);

  test('a book that disagrees with the held claims in two sweeps is put right', async () => {
    const { parts, counted } = scene;
    const { budgets, recount } = parts.stores;
    const before = await budgets.read('organisation/octo');
    if (before === undefined) throw new Error('no book');
    const wrong = { runs: before.runs + 2, reserved: { ...before.reserved, turns: before.reserved.turns + 7 } };
    expect(await recount.recount({ ...before, runs: 99 }, wrong)).toBe('moved');
    expect(await recount.recount(before, wrong)).toBe('recounted');
    const sweep = sweeperFunction(parts);
    await sweep({}, context);
    expect(await budgets.read('organisation/octo')).toMatchObject(wrong);
    await sweep({}, context);
    expect(await budgets.read('organisation/octo')).toEqual(before);
    expect(counted.get('BudgetRepairs')?.at(-1)).toBe(1);
  }, 60_000);
});
