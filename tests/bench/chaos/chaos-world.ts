import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { awsVariables, type FunctionName } from '../../../src/runtime/aws/aws-names.ts';
import { openStackPlace, type StackPlace } from '../../fakes/stack-world/stack-place.ts';
import { functionTimeoutMs } from '../../fakes/stack-world/stack-world.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import type { FaultPlan } from './fault-plan.ts';
import { type FaultProxyOptions, startFaultProxy } from './fault-proxy.ts';
import { type KillableFunction, killableFunction } from './killable-function.ts';
import { buildPlanted, type PlantedName } from './planted-faults.ts';
import { awsCall, githubCall } from './service-call.ts';
import { createSteppedTime, type SteppedTime } from './stepped-time.ts';
import { startGateway, type WebhookGateway } from './webhook-gateway.ts';

const packageRoot = path.resolve(import.meta.dirname, '../../..');

/** More than one of what works on the queue and on the clock's ticks: the same work is in two hands at once. */
const processes = {
  webhook: 'webhook',
  api: 'api',
  archiver: 'archiver',
  'dispatcher-1': 'dispatcher',
  'dispatcher-2': 'dispatcher',
  'dispatcher-3': 'dispatcher',
  'dispatcher-4': 'dispatcher',
  'sweeper-1': 'sweeper',
  'sweeper-2': 'sweeper',
} as const satisfies Readonly<Record<string, FunctionName>>;
export type ProcessName = keyof typeof processes;
export const dispatcherNames = ['dispatcher-1', 'dispatcher-2', 'dispatcher-3', 'dispatcher-4'] as const;

export interface ChaosWorld extends AsyncDisposable {
  readonly place: StackPlace;
  readonly time: SteppedTime;
  readonly gateway: WebhookGateway;
  readonly functions: Readonly<Record<ProcessName, KillableFunction>>;
  /** When GitHub gave out a token of the installation, in the stepped time. */
  readonly minted: readonly number[];
  log(name: ProcessName): string;
}

export interface ChaosWorldOptions {
  readonly repositories: readonly string[];
  readonly seed: number;
  readonly plan: FaultPlan;
  /** A mistake in the functions themselves. */
  readonly planted?: PlantedName;
  readonly progress: (line: string) => void;
}

/** The stack from its template, with something that breaks between every process of a function and every service. */
export async function openChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const { repositories, seed, plan, planted, progress } = options;
  await using opened = new AsyncDisposableStack();
  // Every process is ended with this one.
  process.setMaxListeners(40);
  const folder = tempFolder();
  opened.defer(() => folder[Symbol.dispose]());
  const sample = path.join(folder.root, 'sample');
  cpSync(path.join(packageRoot, 'examples/slug'), sample, { recursive: true });
  writeFileSync(path.join(sample, '.github/entropy.yml'), 'test: npm test\ndraft: false\n');
  const logs = path.join(folder.root, 'logs');
  mkdirSync(logs);
  // Processes are started all the time: all of them from the same bundles, whoever builds meanwhile.
  const bundles = path.join(folder.root, 'lambdas');
  const built =
    planted === undefined ? path.join(packageRoot, 'dist/lambdas') : await buildPlanted(planted, folder.root);
  cpSync(built, bundles, { recursive: true });

  const time = createSteppedTime();
  const gateway = opened.use(await startGateway(seed));
  const place = opened.use(
    await openStackPlace({
      ...{ folder: folder.root, sample, repositories, progress },
      clock: time.clock,
      isQuiet: true,
      webhookUrl: `${gateway.url}/webhook`,
    }),
  );
  gateway.leadTo(`${place.api.url}/webhook`);
  time.follow(async (shiftMs) => {
    await fetch(`${place.aws.endpoint}/later?ms=${shiftMs}`, { method: 'POST' });
  });
  const minted: number[] = [];
  const functions: Partial<Record<ProcessName, KillableFunction>> = {};
  for (const [name, kind] of Object.entries(processes) as [ProcessName, FunctionName][]) {
    const kill = (): void => functions[name]?.kill();
    const decide = (operation: string) => plan.decide({ caller: kind, process: name, operation });
    const proxied = async (more: Pick<FaultProxyOptions, 'upstream' | 'callOf' | 'onAnswer'>) =>
      opened.use(await startFaultProxy({ kill, decide, ...more }));
    const [aws, dynamodb, github] = await Promise.all([
      proxied({ upstream: place.aws.endpoint, callOf: awsCall }),
      proxied({ upstream: place.dynamodb.endpoint, callOf: awsCall }),
      proxied({
        upstream: new URL(place.github.apiUrl).origin,
        callOf: githubCall,
        onAnswer: ({ operation }, status) => {
          if (operation.endsWith('/access_tokens') && status === 201) minted.push(time.clock.now());
        },
      }),
    ]);
    const told = await place.environmentOf(kind);
    const environment = {
      ...told,
      AWS_ENDPOINT_URL: aws.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      ...(awsVariables.githubApiUrl in told && { [awsVariables.githubApiUrl]: `${github.url}/api/v3` }),
    };
    const logFile = path.join(logs, `${name}.log`);
    const running = { code: path.join(bundles, kind), environment, timeoutMs: functionTimeoutMs, logFile };
    functions[name] = opened.use(killableFunction(running, time));
  }
  const all = functions as Record<ProcessName, KillableFunction>;
  place.api.route({ webhook: all.webhook, api: all.api });
  await place.addWorkflows();
  const owned = opened.move();
  return {
    ...{ place, time, gateway, functions: all, minted },
    log: (name) => readFileSync(path.join(logs, `${name}.log`), 'utf8'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
