import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { awsVariables, type FunctionName } from '../../../src/runtime/aws/aws-names.ts';

/** What the stack tells its functions; no address leads anywhere but to `endpoint`. */
export function functionEnvironment(name: FunctionName, endpoint: string): Readonly<Record<string, string>> {
  const values = {
    table: 'entropy',
    queueUrl: `${endpoint}/123456789012/tasks`,
    deadLetterQueueUrl: `${endpoint}/123456789012/dead`,
    artifactsBucket: 'artifacts',
    auditBucket: 'audit',
    webhookSecretId: 'webhook-secret',
    appId: '42',
    appKeyId: 'app-key',
    sealingKeyId: 'sealing-key',
    githubApiUrl: `${endpoint}/github`,
    githubServerUrl: 'https://github.com',
    coordinatorUrl: 'https://coordinator.example',
    workflow: 'agent.yml',
    runnerRepository: '',
    owners: '',
    trustedWorkflows: 'octo/agents/.github/workflows/agent.yml@*',
    oidcIssuer: 'https://token.actions.githubusercontent.com',
    stack: 'entropy-playground',
    logLevel: 'INFO',
  } as const satisfies Readonly<Record<keyof typeof awsVariables, string>>;
  return {
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [variable(key), value])),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_ENDPOINT_URL: endpoint,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    // As a function has it: no notes on how the process was started.
    NODE_OPTIONS: '',
  };
}

function variable(key: string): string {
  const found = Object.entries(awsVariables).find(([name]) => name === key);
  if (found === undefined) throw new Error(`no variable for ${key}`);
  return found[1];
}

export interface HandlerTimes {
  readonly importMs: number;
  /** Until all that loading it began to load was there. */
  readonly settledMs: number;
  readonly coldMs: number | undefined;
  /** Calls from the second on. */
  readonly wholeMs: readonly number[];
  /** Of the same calls up to the request to the queue, signed; only with `at-once`. */
  readonly toSendMs: readonly number[];
}

/** Loads the built function in a process of its own and calls it: `calls` 0 only loads it. */
export async function inFreshProcess(asked: {
  readonly name: FunctionName;
  readonly calls: number;
  readonly endpoint: string;
  /** `at-once`: requests are answered within the process, so that no network is measured. */
  readonly network: 'at-once' | 'loopback';
}): Promise<HandlerTimes> {
  const environment = { PATH: process.env['PATH'], ...functionEnvironment(asked.name, asked.endpoint) };
  const child = fork(path.join(import.meta.dirname, 'call-function.ts'), [JSON.stringify(asked)], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: 120_000,
  });
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-2_000);
  });
  const answer = new Promise<HandlerTimes>((resolve) =>
    child.once('message', (times) => resolve(times as HandlerTimes)),
  );
  const [times] = await Promise.all([
    Promise.race([answer, once(child, 'exit').then(() => undefined)]),
    once(child, 'close'),
  ]);
  if (times === undefined) throw new Error(`${asked.name} could not be measured: ${told}`);
  return times;
}
