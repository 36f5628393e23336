import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCoordinator } from '../../src/runtime/coordinator-server.ts';
import { cliPlace } from './cli-place.ts';
import { sampleScript } from './sample-copy.ts';
import { openStage, type Stage } from './stage.ts';

function environmentOf(stage: Stage, login: string) {
  const { apiUrl, url } = stage.github;
  return { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: url, GITHUB_TOKEN: stage.github.userToken(login) };
}

const run = (issue: number) => [
  'run',
  '--github',
  'octo/slug',
  '--issue',
  String(issue),
  '--model',
  `scripted:${sampleScript}`,
];

describe('run --github, with the token of a person', () => {
  it('opens the pull request, closes comment and claim, and leaves nothing on the machine but the kept run', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const issue = await stage.openIssue();
    const { code, report } = await place.run(run(issue), { env: environmentOf(stage, 'alice') });
    const [pull, ...others] = await stage.pulls();
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      outcome: 'succeeded',
      branch: 'agent/1/f1-keep-last-word-when-limit-falls',
      headSha: pull?.head.sha,
      pullRequest: { number: pull?.number, draft: false },
      filesChanged: ['src/slugify.js'],
    });
    expect(code).toBe(0);
    expect(await stage.tracking(issue)).toContain(`coder opened #${pull?.number}`);
    expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 1 });
    expect(place.leftovers()).toEqual([]);
    expect(place.keptRuns()).toEqual([report.runId]);
  });

  it('keeps claim and books at a coordinator when the environment names one, alive by a heartbeat', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const running = await startCoordinator({
      stateFile: path.join(stage.root, 'coordinator.db'),
      host: '127.0.0.1',
      port: 0,
      adminKey: 'if-none',
      addressFrom: 'socket',
      log: () => undefined,
    });
    const issue = await stage.openIssue();
    const at = { ENTROPY_COORDINATOR_URL: running.url, ENTROPY_COORDINATOR_KEY: running.adminKey ?? '' };
    const env = { ...environmentOf(stage, 'alice'), ...at };
    const { code, report } = await place.run(run(issue), { env });
    expect([code, report.outcome]).toEqual([0, 'succeeded']);
    expect(await stage.claim(issue)).toBeUndefined();
    expect((await place.run(['runs', 'list'], { env: at })).report).toMatchObject({
      runs: [{ id: report.runId, state: 'succeeded', pullRequest: report.pullRequest.number }],
    });
    const { claims } = (await place.run(['claims', 'list', '--all'], { env: at })).report;
    // Renewed every half minute while it works, so that its end was never far.
    expect(claims[0]).toMatchObject({ state: 'free', fence: 1, ttlMs: 90_000 });
    const fetched = await place.run(['runs', 'download', report.runId, '--out', path.join(stage.root, 'kept')], {
      env: at,
    });
    expect(fetched.report.artifacts.map(({ name }: { name: string }) => name)).toEqual([
      'patch.json',
      'result.json',
      'trajectory.jsonl.gz',
    ]);
    await running.close();
  });

  it('refuses a person who may only read, and takes no claim', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const issue = await stage.openIssue();
    const { code, report } = await place.run(run(issue), { env: environmentOf(stage, 'carol') });
    // GitHub tells permissions only to people who may push; it is asked with this very person's token.
    expect(report.error).toMatchObject({ code: 'E204', message: expect.stringContaining('permission of carol') });
    expect(code).toBe(4);
    expect(await stage.pulls()).toEqual([]);
    expect(await stage.claim(issue)).toBeUndefined();
    expect(place.leftovers()).toEqual([]);
  });

  it('says which issue is not there, and which token is not accepted', async () => {
    await using stage = await openStage();
    using place = cliPlace();
    const missing = await place.run(run(99), { env: environmentOf(stage, 'alice') });
    expect(missing.report.error).toMatchObject({ code: 'E202' });
    expect(missing.code).toBe(2);
    const wrong = { ...environmentOf(stage, 'alice'), GITHUB_TOKEN: `ghp_${'x'.repeat(36)}` };
    const refused = await place.run(run(1), { env: wrong });
    expect(refused.report.error).toMatchObject({ code: 'E201' });
    expect(refused.code).toBe(4);
    expect(JSON.stringify(refused)).not.toContain('x'.repeat(36));
  });
});
