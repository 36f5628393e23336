import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FunctionName } from '../../../src/runtime/aws/aws-names.ts';
import { functionNames } from '../../../src/runtime/aws/aws-names.ts';
import { callFromQueue, type QueueCaller } from './queue-caller.ts';
import { type StackFunction, startFunction } from './stack-function.ts';
import { openStackPlace, type StackPlace, type StackPlaceOptions } from './stack-place.ts';
import { callFromStream, type StreamCaller } from './stream-caller.ts';

export type StackWorldOptions = Pick<StackPlaceOptions, 'folder' | 'sample' | 'repositories' | 'progress'>;

/** The deployed stack, as its template declares it, beside a GitHub on which its App is installed. */
export interface StackWorld
  extends AsyncDisposable,
    Pick<StackPlace, 'github' | 'aws' | 'dynamodb' | 'resources' | 'webhookSecret' | 'send'> {
  readonly functions: Readonly<Record<FunctionName, StackFunction>>;
  readonly queue: QueueCaller;
  readonly stream: StreamCaller;
  /** Of the HTTP API. */
  readonly url: string;
  /** The last lines that each function logged. */
  logs(lines?: number): string;
}

/** As in cdk/constructs/function-size.ts, and time for a machine on which everything runs at once. */
export const functionTimeoutMs = 60_000;

export async function openStackWorld(options: StackWorldOptions): Promise<StackWorld> {
  const { folder, progress } = options;
  await using opened = new AsyncDisposableStack();
  const place = opened.use(await openStackPlace(options));
  const { github, aws, dynamodb, api, resources, webhookSecret, send } = place;
  const functions = await startFunctions(place, folder, opened);
  api.route(functions);
  progress(`${functionNames.length} functions run from their bundles; the App's webhook leads to ${api.url}/webhook`);
  await place.addWorkflows();
  const queue = opened.use(
    callFromQueue({ access: aws.access(), queueUrl: resources.queueUrl, dispatcher: functions.dispatcher }),
  );
  const stream = opened.use(
    callFromStream({
      endpoint: dynamodb.endpoint,
      table: resources.tableName,
      account: (await aws.access().credentials()).accessKeyId,
      archiver: functions.archiver,
    }),
  );
  const owned = opened.move();
  return {
    ...{ github, aws, dynamodb, resources, functions, queue, stream, webhookSecret, send },
    url: api.url,
    logs: (lines = 20) =>
      functionNames
        .map(
          (name) =>
            `── ${name}\n${readFileSync(path.join(folder, 'logs', `${name}.log`), 'utf8')
              .split('\n')
              .slice(-lines)
              .join('\n')}`,
        )
        .join('\n'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startFunctions(place: StackPlace, folder: string, opened: AsyncDisposableStack) {
  const logs = path.join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const started = await Promise.all(
    functionNames.map(async (name) => {
      const environment = await place.environmentOf(name);
      const logFile = path.join(logs, `${name}.log`);
      const options = { code: place.codeFolder(name), environment, timeoutMs: functionTimeoutMs, logFile };
      return [name, opened.use(await startFunction(options))] as const;
    }),
  );
  return Object.fromEntries(started) as Record<FunctionName, StackFunction>;
}
