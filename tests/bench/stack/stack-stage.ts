import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiKeyToken } from '../../../src/adapters/coordinator/caller-token.ts';
import {
  type CoordinatorClient,
  createCoordinatorClient,
} from '../../../src/adapters/coordinator/coordinator-client.ts';
import { createDynamoApiKeyStore } from '../../../src/adapters/dynamodb/api-key-store.ts';
import { type DynamoTable, openDynamoTable } from '../../../src/adapters/dynamodb/dynamo-table.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { makeAdminKey } from '../../../src/runtime/admin-key.ts';
import { type DispatchRunner, startDispatchRunner } from '../../../src/runtime/embedded-dispatch.ts';
import { openStackWorld, type StackWorld } from '../../fakes/stack-world/stack-world.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const packageRoot = path.resolve(import.meta.dirname, '../../..');

/** The stack's world with a runner that carries out what is dispatched, and an admin who looks. */
export interface StackStage extends AsyncDisposable {
  readonly world: StackWorld;
  readonly runner: DispatchRunner;
  readonly admin: CoordinatorClient;
  readonly table: DynamoTable;
  /** Opens an issue and asks for an agent on it, as alice. Tells the issue's number. */
  ask(repository: string): Promise<number>;
  comments(repository: string, issue: number): Promise<readonly IssueComment[]>;
}

export interface IssueComment {
  readonly body: string;
  readonly user: { readonly login: string };
  readonly created_at: string;
}

export interface StageOptions {
  readonly repositories: readonly string[];
  /** Workflow runs at the same time. */
  readonly atOnce: number;
  readonly progress: (line: string) => void;
}

export async function openStackStage({ repositories, atOnce, progress }: StageOptions): Promise<StackStage> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(disposedLater(tempFolder()));
  const sample = path.join(folder.root, 'sample');
  cpSync(path.join(packageRoot, 'examples/slug'), sample, { recursive: true });
  const script = path.join(packageRoot, 'examples/slug-fix.script.yaml');
  writeFileSync(
    path.join(sample, '.github/entropy.yml'),
    `test: npm test\ndraft: false\nmodel: "scripted:${script}"\n`,
  );
  const world = opened.use(await openStackWorld({ folder: folder.root, sample, repositories, progress }));

  const clock = createSystemClock();
  const access = world.aws.access();
  const table = openDynamoTable({
    tableName: world.resources.tableName,
    clock,
    credentials: access.credentials,
    region: access.region,
    endpoint: world.dynamodb.endpoint,
  });
  const token = await makeAdminKey(createDynamoApiKeyStore(table), clock, { when: 'always' });
  if (token === undefined) throw new Error('no key was made');
  let ids = 0;
  const admin = opened.use(
    createCoordinatorClient({
      url: world.url,
      token: apiKeyToken(token),
      clock,
      newId: () => {
        ids += 1;
        return `verify-${process.pid}-${ids}`;
      },
      signal: new AbortController().signal,
      log: () => undefined,
      deadlineMs: 30_000,
      userAgent: 'verify',
    }),
  );
  const runner = opened.use(
    startDispatchRunner({
      github: world.github,
      folder: path.join(folder.root, 'runs'),
      packageRoot,
      secrets: {},
      atOnce,
    }),
  );
  const owned = opened.move();
  return {
    ...{ world, runner, admin, table },
    ask: async (repository) => {
      const text = { title: 'slugify drops the last word', body: 'It does when the limit falls on a separator.' };
      const { number } = await world.send<{ number: number }>('POST', `/repos/${repository}/issues`, text);
      await world.send('POST', `/repos/${repository}/issues/${number}/comments`, { body: '/agent fix' });
      return number;
    },
    comments: (repository, issue) =>
      world.send<readonly IssueComment[]>('GET', `/repos/${repository}/issues/${issue}/comments?per_page=100`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function disposedLater(folder: ReturnType<typeof tempFolder>): ReturnType<typeof tempFolder> & AsyncDisposable {
  return Object.assign(folder, { [Symbol.asyncDispose]: async () => folder[Symbol.dispose]() });
}
