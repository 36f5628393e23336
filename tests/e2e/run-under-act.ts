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
export function runUnderAct({ act, stage, payload, inputs, timeoutMs }: ActRequest): Promise<ActRun> {
  const { labelTrigger, triggerPhrase } = defaultSettings;
  const text = workflowText({ form: 'three-jobs', labelTrigger, triggerPhrase, inputs });
  return runFileUnderAct({ act, stage, file: 'agent.yml', text, event: { name: 'issue_comment', payload }, timeoutMs });
}

export interface ActFileRequest {
  readonly act: string;
  readonly stage: Stage;
  /** Name in `.github/workflows`, and what stands in it. */
  readonly file: string;
  readonly text: string;
  readonly event: { readonly name: string; readonly payload: Payload };
  readonly timeoutMs: number;
}

/** The same for any workflow that uses ours, or one of our actions. */
export async function runFileUnderAct(request: ActFileRequest): Promise<ActRun> {
  const { act, stage, file, text, event, timeoutMs } = request;
  const { github } = stage;
  const workflowPath = `.github/workflows/${file}`;
  using user = realRepository({});
  user.git('remote', 'add', 'origin', github.gitUrl(repository.owner, repository.name));
  // act takes `github.sha` from here: a commit that GitHub has. By its folder, for its server is in this process, which waits.
  // The workflow lies beside what was committed.
  user.git('fetch', '--quiet', github.gitDir(repository.owner, repository.name), 'main');
  user.git('checkout', '--quiet', '-B', 'main', 'FETCH_HEAD');
  mkdirSync(path.join(user.root, path.dirname(workflowPath)), { recursive: true });
  writeFileSync(path.join(user.root, workflowPath), text);

  const own = path.join(user.temp, 'entropy-playground');
  mkdirSync(path.join(own, path.dirname(shippedWorkflow)), { recursive: true });
  cpSync(path.join(packageRoot, shippedWorkflow), path.join(own, shippedWorkflow));
  const eventFile = path.join(user.temp, 'event.json');
  writeFileSync(eventFile, JSON.stringify(event.payload));
  const head = await stage.send<{ object: { sha: string } }>('alice', 'GET', '/git/ref/heads/main');
  const run = github.runs.create({
    repository,
    workflowPath,
    name: 'agent',
    event: event.name,
    title: 'agent under act',
    headBranch: 'main',
    headSha: head.object.sha,
    actor: 'alice',
  });
  github.runs.update(run.id, { status: 'in_progress' });

  const token = github.mintToken({ repository, permissions: permissionsIn(text) });
  const variables = {
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: github.url,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_REPOSITORY: `${repository.owner}/${repository.name}`,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_SHA: head.object.sha,
    GITHUB_WORKFLOW_REF: `${repository.owner}/${repository.name}/${workflowPath}@refs/heads/main`,
    ENTROPY_OWN_ACTIONS: path.join(packageRoot, 'actions'),
    ENTROPY_ARTIFACTS: path.join(user.temp, 'artifacts'),
  };
  const program = [act, event.name, '-C', user.root, '-W', workflowPath, '-e', eventFile];
  const ran = await runProgram(
    [
      ...program,
      ...['-P', 'ubuntu-latest=-self-hosted', '--no-cache-server', '--no-skip-checkout', '--actor', 'alice'],
      ...['--action-cache-path', path.join(user.temp, 'cache'), '--artifact-server-path', ''],
      ...localRepositories(own, text).flatMap((pair) => ['--local-repository', pair]),
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

/** act gives one token to all jobs: it may do what any of them asks for. */
function permissionsIn(text: string): Readonly<Record<string, string>> {
  const { jobs } = parse(text) as {
    readonly jobs: Readonly<Record<string, { readonly permissions?: Readonly<Record<string, string>> }>>;
  };
  const all: Record<string, string> = {};
  for (const { permissions = {} } of Object.values(jobs)) {
    for (const [name, level] of Object.entries(permissions)) if (all[name] !== 'write') all[name] = level;
  }
  return all;
}

/** `owner/name@ref=folder` for everything that the workflows name and that is not in the caller's repository. */
function localRepositories(own: string, text: string): string[] {
  const texts = `${readFileSync(path.join(own, shippedWorkflow), 'utf8')}\n${text}`;
  const named = texts.matchAll(/uses: (actions\/([\w-]+)@[0-9a-f]{40})/g);
  const standIn = new Map([...named].map(([, uses = '', name = '']) => [uses, path.join(standIns, name)]));
  const ours = texts.matchAll(/uses: (entropy-playground\/([\w-]+)@v1)/g);
  const action = new Map(
    [...ours].map(([, uses = '', name = '']) => [uses, path.join(packageRoot, 'actions', name)] as const),
  );
  return [`entropy-playground/entropy-playground@v1=${own}`, ...[...standIn, ...action].map((pair) => pair.join('='))];
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
