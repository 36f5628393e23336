import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkOut } from '../../src/adapters/git/check-out.ts';
import { taskRole } from '../../src/domain/roles/role.ts';
import { shippedRole } from '../../src/domain/roles/shipped-roles.ts';
import type { RunResult } from '../../src/domain/run-result.ts';
import type { Task } from '../../src/domain/task.ts';
import { baseHomeOf } from '../../src/runtime/base-home.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { runAgent } from '../../src/runtime/run-agent.ts';
import { setUp } from '../../src/runtime/set-up.ts';
import { setUpBase } from '../../src/runtime/set-up-base.ts';
import { startWorker } from '../../src/runtime/worker-link.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { sampleTask } from '../fakes/sample-task.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const worker = fileURLToPath(new URL('../../src/runtime/worker-process.ts', import.meta.url));
const signal = new AbortController().signal;

interface Ran {
  readonly result: RunResult;
  readonly events: string;
}

/** As the action does it: set-up of both sides, then the agent in a process of its own, with a script for a model. */
async function run(
  task: Partial<Task>,
  replies: readonly unknown[],
  secrets: Record<string, string> = {},
): Promise<Ran> {
  using repository = realRepository({ 'a.txt': 'bad\n', 'test.sh': 'test -s a.txt\n', '.gitignore': 'built\n' });
  const baseSha = repository.git('rev-parse', 'HEAD');
  repository.write('a.txt', 'good\n');
  const headSha = repository.commit('the change');
  using folder = tempFolder({ 'result/.keep': '' });
  const at = (name: string): string => path.join(folder.root, name);
  const hostPath = process.env['PATH'] ?? '';
  const from = { kind: 'path', gitDir: path.join(repository.root, '.git') } as const;
  await checkOut({ from, sha: baseSha, folder: at('base'), searchPath: hostPath, signal });
  writeFileSync(at('model.json'), JSON.stringify({ script: 1, replies }));
  const whole = sampleTask({
    base: { branch: 'main', sha: baseSha },
    agent: { id: 'x/1', role: 'x', version: '0.1.0', model: `scripted:${at('model.json')}` },
    pull: {
      number: 7,
      title: 'Make it good',
      body: '',
      author: 'bob',
      url: 'https://github.com/octo/slug/pull/7',
      headBranch: 'good',
      headSha,
      baseBranch: 'main',
      baseSha,
      draft: false,
      fromFork: false,
    },
    setupCommand: 'cat a.txt > built; cat a.txt > ~/built',
    testCommand: 'sh test.sh',
    ...task,
  });
  const room = {
    task: whole,
    workspace: repository.root,
    hostPath,
    home: at('home'),
    egress: ownEgressCommand(),
    log: () => undefined,
  };
  await setUp(room, signal);
  await setUpBase({ ...room, base: at('base') }, signal);
  const result = await runAgent(
    {
      ...room,
      base: at('base'),
      resultDir: at('result'),
      version: '0.1.0',
      worker: startWorker({ command: [process.execPath, worker], hostPath, tempDir: repository.temp }),
      anthropicBaseUrl: 'http://127.0.0.1:9',
      takeKey: () => undefined,
      secrets: () => secrets,
    },
    signal,
  );
  return { result, events: readFileSync(at('result/trajectory.jsonl'), 'utf8') };
}

const roleOf = (name: string) => {
  const role = shippedRole(name);
  return role === undefined ? {} : { role: taskRole(role) };
};
const bash = (command: string) => ({ tool: 'bash', input: { command } });

describe('work on a pull request, in a process of its own', () => {
  it('a review is told the difference, reads the base, and hands in its findings', async () => {
    const review = {
      summary: 'Good.',
      findings: [{ path: 'a.txt', line: 1, severity: 'nit', category: 'style', title: 'T', body: 'B' }],
      earlier: [],
      not_reviewed: [],
    };
    const { result, events } = await run({ work: 'review', ...roleOf('reviewer') }, [
      { expect: { saw: ['-bad\n+good'] }, calls: [bash('cat /base/a.txt; ls -A /base/.git | wc -l')] },
      { expect: { result: { contains: 'bad\n0' } }, calls: [{ tool: 'submit_review', input: review }] },
    ]);
    expect(result).toMatchObject({ outcome: 'succeeded', report: { kind: 'review', findings: [{ path: 'a.txt' }] } });
    expect(events).toContain('"type":"run.reported"');
  });

  it('a verification measures each side with what its own set-up left', async () => {
    const test = 'tests/good.sh';
    const { result } = await run({ work: 'verification', ...roleOf('tester') }, [
      { calls: [{ tool: 'write_file', input: { path: test, content: 'cat built ~/built; grep -q good a.txt\n' } }] },
      {
        calls: [{ tool: 'submit_verification', input: { summary: 'S', command: `sh ${test}`, not_verified: [] } }],
      },
    ]);
    expect(result).toMatchObject({
      outcome: 'succeeded',
      reason: 'The verification is done: confirmed.',
      evidence: {
        onBase: { exitCode: 1, output: 'bad\nbad\n' },
        onHead: { exitCode: 0, output: 'good\ngood\n' },
        suiteOnBase: { exitCode: 0 },
        suiteOnHead: { exitCode: 0 },
      },
    });
    expect(baseHomeOf('/x/home')).toBe('/x/home-base');
  });

  it('a report with a secret in it does not leave', async () => {
    const secret = 'ghp_0123456789abcdefABCDEF0123456789abcd';
    const plan = { summary: `It is ${secret}`, steps: [{ title: 'T', detail: 'D', paths: [] }], tests: [], risks: [] };
    const { result, events } = await run({ work: 'plan' }, [{ calls: [{ tool: 'submit_plan', input: plan }] }], {
      'github-token': secret,
    });
    expect(result.outcome).toBe('blocked');
    expect(result).not.toHaveProperty('report');
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(events).not.toContain(secret);
  });
});
