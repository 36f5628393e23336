import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPlace } from './cli-place.ts';
import { packageRoot } from './stage.ts';

/** `start --serve --json` as a person has it in one terminal: its report, and a way to press Ctrl-C. */
async function served(env: Readonly<Record<string, string>>) {
  const cli = path.join(packageRoot, 'src/cli/main.ts');
  const child = spawn(process.execPath, [cli, 'start', '--serve', '--json'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let told = '';
  const waiting = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    told += chunk;
    if (told.includes('until Ctrl-C') && told.includes('runs list')) waiting.resolve();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void ended.then(() => waiting.reject(new Error(`start ended early:\n${told}`)));
  await waiting.promise;
  return {
    report: JSON.parse(out),
    told,
    interrupt: async () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

describe('start --serve', () => {
  it('serves a coordinator whose books tell the run, to the command line with the key that it prints', async () => {
    using place = cliPlace();
    const { report, told, interrupt } = await served(place.env);
    expect(report).toMatchObject({ outcome: 'succeeded', coordinator: { url: expect.stringMatching(/^http:/) } });
    const { url, adminKey } = report.coordinator;
    expect(told).toContain(`ENTROPY_COORDINATOR_URL=${url} ENTROPY_COORDINATOR_KEY=${adminKey}`);

    const env = { ENTROPY_COORDINATOR_URL: url, ENTROPY_COORDINATOR_KEY: adminKey };
    const key = `github/octo/slug/issues/1`;
    const runs = await place.run(['runs', 'list'], { env });
    expect(runs.report).toMatchObject({ runs: [{ id: report.runId, task: key, state: 'succeeded' }] });
    const tasks = await place.run(['tasks', 'list', '--search', 'is:open state:in_review'], { env });
    expect(tasks.report).toMatchObject({ tasks: [{ key, issue: { author: 'alice' } }] });
    const claims = await place.run(['claims', 'list'], { env });
    expect(claims.code).toBe(0);
    const activity = await place.run(['activity'], { env });
    expect(activity.code).toBe(0);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect(await interrupt()).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});
