import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { defaultRunnerEvents } from '../../src/domain/access/runner-policy.ts';
import { utcDay } from '../../src/domain/coordination/budget-draws.ts';
import type { WorkflowForm } from '../../src/domain/workflow-text.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { startCoordinator } from '../../src/runtime/coordinator-server.ts';
import { sampleScript } from './sample-copy.ts';
import { openStage, type Stage } from './stage.ts';
import { writeSteadyScript } from './steady-script.ts';

const key = 'github/octo/slug/issues/1';
const inputs = { model: `scripted:${sampleScript}` };

/** A coordinator that lets the jobs of these repositories in, and its store to look into. */
async function coordinatorFor(stage: Stage, repositories = ['octo/slug']) {
  const stateFile = path.join(stage.root, 'coordinator.db');
  const running = await startCoordinator({
    stateFile,
    host: '127.0.0.1',
    port: 0,
    adminKey: 'if-none',
    addressFrom: 'socket',
    log: () => undefined,
    oidc: {
      issuer: stage.github.idTokenIssuer,
      policy: {
        repositories: repositories.map((glob) => ({ glob })),
        workflows: [],
        events: defaultRunnerEvents,
      },
    },
  });
  const store: Coordination = sqliteCoordination(openDatabase({ path: stateFile, clock: createSystemClock() }));
  const close = async () => {
    await store[Symbol.asyncDispose]();
    await running.close();
  };
  const ask = async (at: string): Promise<unknown> => {
    const answer = await fetch(`${running.url}${at}`, { headers: { authorization: `Bearer ${running.adminKey}` } });
    return answer.json();
  };
  return { url: running.url, store, ask, [Symbol.asyncDispose]: close };
}

async function delivered(stage: Stage, coordinatorUrl: string, form: WorkflowForm) {
  const issue = await stage.openIssue();
  const payload = await stage.comment(issue, '/agent fix');
  return stage.run({ payload, issue, form, coordinatorUrl, inputs });
}

describe.each(['three-jobs', 'one-step'] as const)('with a coordinator, as %s', (form) => {
  it('an issue becomes a pull request, and claim, budget and run are in the books, not in git refs', async () => {
    await using stage = await openStage();
    await using coordinator = await coordinatorFor(stage);
    const { report } = await delivered(stage, coordinator.url, form);
    expect(report.conclusion).toBe('success');
    const [pull] = await stage.pulls();
    expect(pull?.head.ref).toMatch(/^agent\/1\/f1-/);
    expect(await stage.claim(1)).toBeUndefined();

    const { claims, tasks, runs, budgets, activity } = coordinator.store;
    expect(await claims.read(key)).toMatchObject({ state: 'free', fence: 1 });
    const [run, ...others] = await runs.list({ limit: 10 });
    expect(others).toEqual([]);
    expect(run).toMatchObject({ task: key, state: 'succeeded', fence: 1, pullRequest: pull?.number });
    expect(run?.workflowRun?.id).toBeGreaterThan(0);
    expect(run?.spent.turns).toBeGreaterThan(1);
    expect(await tasks.read(key)).toMatchObject({ state: 'in_review', runId: run?.id, progress: 1 });
    const { artifacts } = (await coordinator.ask(`/v1/runs/${run?.id}/artifacts`)) as { artifacts: { name: string }[] };
    expect(artifacts.map(({ name }) => name)).toEqual(['patch.json', 'result.json', 'trajectory.jsonl.gz']);
    const book = await budgets.read(`repository/octo/slug/day/${utcDay(Date.now())}`);
    expect(book).toMatchObject({ runs: 0, reserved: { microUsd: 0, turns: 0 }, spent: { turns: run?.spent.turns } });

    const story = (await activity.read({ task: key, limit: 100 })).map(({ change }) => change.type);
    const order = ['claim.acquired', 'run.opened', 'claim.effect', 'run.moved', 'claim.released'];
    expect(order.map((type) => story.lastIndexOf(type as (typeof story)[number]))).toEqual(
      order.map((type) => story.lastIndexOf(type as (typeof story)[number])).toSorted((a, b) => a - b),
    );
    expect(story).toEqual(expect.arrayContaining(order));
  });
});

describe('with a coordinator', () => {
  it('a repository that it does not know is refused before anything is written on the issue but the reason', async () => {
    await using stage = await openStage();
    await using coordinator = await coordinatorFor(stage, ['octo/other']);
    const { report } = await delivered(stage, coordinator.url, 'three-jobs');
    expect(report.conclusion).toBe('failure');
    expect(await stage.pulls()).toEqual([]);
    const log = report.jobs.flatMap(({ steps }) => steps.map((step) => step.log)).join('\n');
    expect(log).toContain('octo/slug');
    expect(await coordinator.store.claims.read(key)).toBeUndefined();
  });

  it('a day without money left refuses on the issue, and nothing starts', async () => {
    await using stage = await openStage();
    await using coordinator = await coordinatorFor(stage);
    await coordinator.store.budgets.setCaps('repository/octo/slug/day', { microUsd: 1_000_000 }, 'key/admin');
    const { report } = await delivered(stage, coordinator.url, 'three-jobs');
    expect(report.jobs.map(({ id, conclusion }) => [id, conclusion])).toContainEqual(['agent/agent', 'skipped']);
    const told = (await stage.comments(1)).at(-1)?.body ?? '';
    expect(told).toContain('Nothing was started');
    expect(told).toContain('1.00 USD');
    expect(await coordinator.store.claims.read(key)).toBeUndefined();
  });

  it('/agent stop ends the run in the books as well', async () => {
    await using stage = await openStage();
    await using coordinator = await coordinatorFor(stage);
    const issue = await stage.openIssue();
    const payload = await stage.comment(issue, '/agent fix');
    const working = Promise.withResolvers<void>();
    const cancel = new AbortController();
    const slow = { model: `scripted:${writeSteadyScript(stage.root, 20_000)}` };
    const running = stage.run({
      payload,
      issue,
      coordinatorUrl: coordinator.url,
      inputs: slow,
      signal: cancel.signal,
      onRunnerEvent: (event) => {
        if (event.type === 'log' && event.line.startsWith('sandbox:')) working.resolve();
      },
    });
    await working.promise;
    const stop = await stage.comment(issue, '/agent stop');
    const stopped = await stage.run({ payload: stop, issue, coordinatorUrl: coordinator.url, inputs });
    expect(stopped.report.conclusion).toBe('success');
    expect(await coordinator.store.claims.read(key)).toMatchObject({ state: 'free' });
    const [run] = await coordinator.store.runs.list({ limit: 1 });
    expect(run).toMatchObject({ state: 'cancelled', reason: expect.stringContaining('alice') });
    expect(await coordinator.store.tasks.read(key)).toMatchObject({ state: 'blocked' });
    cancel.abort();
    await running;
    expect(await stage.pulls()).toEqual([]);
    expect((await coordinator.store.runs.list({ limit: 5 })).map(({ state }) => state)).toEqual(['cancelled']);
  });
});
