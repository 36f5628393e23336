import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { defaultSettings } from '../../src/domain/settings.ts';
import { workflowText } from '../../src/domain/workflow-text.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { type Payload, packageRoot, repository, type Stage } from './stage.ts';

export interface ActRun {
  readonly exitCode: number | null;
  /** What act wrote, the token masked by it. */
  readonly log: string;
}

export interface ActRequest {
  /** Path of the program. */
  readonly act: string;
  readonly stage: Stage;
  readonly payload: Payload;
  readonly inputs: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const shippedWorkflow = '.github/workflows/agent.yml';
const standIns = path.join(packageRoot, 'tests/fixtures/act');

/**
 * Runs the shipped workflow, called by the very workflow that `init` writes, on act in host mode, for an event of the
 * embedded GitHub. Nothing of either file is changed: the addresses of GitHub come as environment, our repository and
 * GitHub's own actions as local folders.
 */
export async function runUnderAct({ act, stage, payload, inputs, timeoutMs }: ActRequest): Promise<ActRun> {
  const { github } = stage;
  const { labelTrigger, triggerPhrase } = defaultSettings;
  const caller = workflowText({ form: 'three-jobs', labelTrigger, triggerPhrase, inputs });
  using user = realRepository({ [shippedWorkflow]: caller });
  user.git('remote', 'add', 'origin', github.gitUrl(repository.owner, repository.name));

  const own = path.join(user.temp, 'entropy-playground');
  mkdirSync(path.join(own, path.dirname(shippedWorkflow)), { recursive: true });
  cpSync(path.join(packageRoot, shippedWorkflow), path.join(own, shippedWorkflow));
  const eventFile = path.join(user.temp, 'event.json');
  writeFileSync(eventFile, JSON.stringify(payload));
  const head = await stage.send<{ object: { sha: string } }>('alice', 'GET', '/git/ref/heads/main');
  const run = github.runs.create({
    repository,
    workflowPath: shippedWorkflow,
    name: 'agent',
    event: 'issue_comment',
    title: 'agent under act',
    headBranch: 'main',
    headSha: head.object.sha,
    actor: 'alice',
  });
  github.runs.update(run.id, { status: 'in_progress' });

  const workflow = parse(workflowText({ form: 'three-jobs', labelTrigger, triggerPhrase }));
  const token = github.mintToken({ repository, permissions: workflow.jobs.agent.permissions });
  const variables = {
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_REPOSITORY: `${repository.owner}/${repository.name}`,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_SHA: head.object.sha,
    ENTROPY_OWN_ACTIONS: path.join(packageRoot, 'actions'),
    ENTROPY_ARTIFACTS: path.join(user.temp, 'artifacts'),
  };
  const program = [act, 'issue_comment', '-C', user.root, '-W', shippedWorkflow, '-e', eventFile];
  const ran = await runProgram(
    [
      ...program,
      ...['-P', 'ubuntu-latest=-self-hosted', '--no-cache-server', '--no-skip-checkout', '--actor', 'alice'],
      ...['--action-cache-path', path.join(user.temp, 'cache'), '--artifact-server-path', ''],
      ...localRepositories(own).flatMap((pair) => ['--local-repository', pair]),
      ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...['-s', 'GITHUB_TOKEN'],
    ],
    // The runtime of the actions is the `node` of PATH, as a runner's own would be: the one that we are tested on.
    {
      PATH: `${path.join(packageRoot, 'node_modules/.bin')}:${process.env['PATH']}`,
      HOME: path.join(user.temp, 'home'),
      LANG: 'C.UTF-8',
      GITHUB_TOKEN: token,
    },
    timeoutMs,
  );
  github.runs.update(run.id, { status: 'completed', conclusion: ran.exitCode === 0 ? 'success' : 'failure' });
  return ran;
}

/** `owner/name@ref=folder` for everything that the shipped workflow names and that is not in the caller's repository. */
function localRepositories(own: string): string[] {
  const named = readFileSync(path.join(own, shippedWorkflow), 'utf8').matchAll(
    /uses: (actions\/([\w-]+)@[0-9a-f]{40})/g,
  );
  const standIn = new Map([...named].map(([, uses = '', name = '']) => [uses, path.join(standIns, name)]));
  return [`entropy-playground/entropy-playground@v1=${own}`, ...[...standIn].map((pair) => pair.join('='))];
}

function runProgram(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<ActRun> {
  mkdirSync(env['HOME'] ?? '', { recursive: true });
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  // act does not hand a signal on to what it started, so its whole group is ended.
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), timeoutMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, log });
    });
  });
}
