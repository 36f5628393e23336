import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../../src/domain/run-result.ts';
import type { Task } from '../../src/domain/task.ts';
import { writeTask } from '../../src/runtime/hand-over.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { sampleTask } from '../fakes/sample-task.ts';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
/** The bundle as it is shipped. */
export const agentBundle = path.join(packageRoot, 'actions/agent/dist/index.js');

export interface AgentStep extends Disposable {
  /** What the step's process gets: what a hosted runner sets, and nothing of ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts the step's process. */
  start(): ChildProcess;
  /** What it handed over. */
  result(): RunResult;
}

export interface AgentStepOptions {
  readonly model: string;
  readonly testCommand?: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** The job of the agent right before its step `stage: solve`: the sample checked out, the task downloaded. */
export async function agentStep(options: AgentStepOptions): Promise<AgentStep> {
  const repository = realRepository();
  cpSync(path.join(packageRoot, 'examples/slug'), repository.root, { recursive: true });
  const sha = repository.commit('the sample');
  const jobFolder = path.dirname(repository.root);
  const task: Task = sampleTask({
    base: { branch: 'main', sha },
    agent: { ...sampleTask().agent, model: options.model },
    ...(options.testCommand === undefined ? {} : { testCommand: options.testCommand }),
  });
  const written = await writeTask(path.join(jobFolder, 'entropy-task'), task);
  const commandFiles = ['output', 'step_summary', 'state', 'env', 'path'].map((name) => {
    const file = path.join(repository.temp, name);
    writeFileSync(file, '');
    return [`GITHUB_${name.toUpperCase()}`, file] as const;
  });
  const event = path.join(repository.temp, 'event.json');
  writeFileSync(event, '{}');
  const env = {
    ...runnerVariables(jobFolder, repository.temp, sha),
    GITHUB_EVENT_PATH: event,
    ...Object.fromEntries(commandFiles),
    ...inputVariables({
      stage: 'solve',
      task: 'entropy-task/task.json',
      'task-sha256': written.sha256,
      workspace: path.basename(repository.root),
      result: 'entropy-result',
      'anthropic-api-key': '',
      'anthropic-base-url': '',
      ...options.inputs,
    }),
  };
  return {
    env,
    start: () => spawn(process.execPath, [agentBundle], { cwd: jobFolder, env, stdio: ['ignore', 'ignore', 'pipe'] }),
    result: () => JSON.parse(readFileSync(path.join(jobFolder, 'entropy-result/result.json'), 'utf8')) as RunResult,
    [Symbol.dispose]: () => repository[Symbol.dispose](),
  };
}

/** The sample's script, beside which its expectations hold, at a path without blanks or links. */
export function sampleScript(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'slug-fix.script.yaml');
  copyFileSync(path.join(packageRoot, 'examples/slug-fix.script.yaml'), file);
  return file;
}

/** Runners keep dashes and replace blanks. */
function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

function runnerVariables(jobFolder: string, temp: string, sha: string): Record<string, string> {
  return {
    CI: 'true',
    HOME: process.env['HOME'] ?? '/root',
    LANG: 'C.UTF-8',
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'agent',
    GITHUB_ACTION_PATH: path.dirname(path.dirname(agentBundle)),
    GITHUB_ACTOR: 'alice',
    GITHUB_ACTOR_ID: '1',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'issue_comment',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_JOB: 'agent',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'octo/slug',
    GITHUB_REPOSITORY_ID: '1',
    GITHUB_REPOSITORY_OWNER: 'octo',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: sha,
    GITHUB_TRIGGERING_ACTOR: 'alice',
    GITHUB_WORKFLOW: 'agent',
    GITHUB_WORKFLOW_REF: 'octo/slug/.github/workflows/agent.yml@refs/heads/main',
    GITHUB_WORKFLOW_SHA: sha,
    GITHUB_WORKSPACE: jobFolder,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'runner',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: '/opt/hostedtoolcache',
    RUNNER_TRACKING_ID: 'github_00000000-0000-0000-0000-000000000000',
    RUNNER_WORKSPACE: path.dirname(jobFolder),
  };
}
