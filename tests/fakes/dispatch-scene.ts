import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createFolderObjectStore } from '../../src/adapters/filesystem/folder-object-store.ts';
import { cutPayload } from '../../src/adapters/github/cut-payload.ts';
import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createIdempotencyStore } from '../../src/adapters/sqlite/idempotency.ts';
import type { QueuedDelivery } from '../../src/domain/dispatch/queued-message.ts';
import { deliveryTraceparent } from '../../src/domain/dispatch/traceparent.ts';
import type { GitHubEvent } from '../../src/embedded/github/state/github-event.ts';
import type { DispatchRoom } from '../../src/flows/dispatch/dispatch-room.ts';
import type { AppKey } from '../../src/ports/app-key.ts';
import { type AppConnections, type AppGitHub, openAppGitHub } from '../../src/runtime/aws/app-github.ts';
import { dispatchRoom } from '../../src/runtime/aws/dispatch-room.ts';
import { type GitHubRoom, gitHubRoom, type MoreRepository } from './embedded-github-room.ts';
import { memoryCursors } from './memory-cursors.ts';
import { memorySealedTokens, reversingSealer } from './memory-sealed-tokens.ts';
import { memoryWaitingList } from './memory-waiting-list.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export const installation = 123;

/** A workflow that is started as the shipped one is: its title names the run. */
export const dispatchableWorkflow = [
  'name: agent',
  `run-name: "agent \${{ inputs.run }}"`,
  'on:',
  '  workflow_dispatch:',
  '    inputs: { run: { type: string }, traceparent: { type: string } }',
  'jobs: {}',
  '',
].join('\n');

const permissions = {
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  actions: 'write',
  metadata: 'read',
};

export interface DispatchScene extends AsyncDisposable {
  readonly github: GitHubRoom;
  readonly clock: SimulatedClock;
  readonly stores: ReturnType<typeof storesOf>;
  readonly app: AppGitHub;
  readonly key: AppKey;
  /** Opens repositories, as each invocation does. */
  connections(): AppConnections;
  readonly log: string[];
  /** The dispatcher's room; the stores may be watched or broken. */
  room(change?: Partial<DispatchRoom>): DispatchRoom;
  /** An issue by alice; its number. */
  openIssue(title?: string): Promise<number>;
  /** A comment on the issue, and the delivery that tells of it. */
  comment(issue: number, body: string, token?: string): Promise<QueuedDelivery>;
  /** The delivery of the last event of this name. */
  lastDelivery(name: GitHubEvent['name'], repository?: string): QueuedDelivery;
  /** What was written on the issue by the App, without markers, oldest first. */
  written(issue: number, repository?: string): Promise<string[]>;
  /** Workflow runs that were started, oldest first. */
  started(): { readonly id: number; readonly title: string }[];
}

/** The embedded GitHub with an App, SQLite books, files in a folder: all that the dispatcher needs, and nothing of AWS. */
export async function dispatchScene(besides: readonly MoreRepository[] = []): Promise<DispatchScene> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const events = ['issues', 'issue_comment', 'workflow_run'];
  const described = { id: 77, slug: 'entropy', name: 'Entropy', owner: 'octo', key: pem, events, permissions };
  const github = await gitHubRoom({
    besides,
    apps: [{ ...described, installations: [{ id: installation, account: 'octo', permissions }] }],
  });
  await github.commit('main', { '.github/workflows/agent.yml': dispatchableWorkflow });
  const { clock } = github;
  const log: string[] = [];
  const stores = storesOf(clock, github.folder.root);
  const app = openAppGitHub({
    appId: 77,
    apiUrl: github.github.apiUrl,
    key: keyOf(privateKey),
    owners: [],
    tokens: memorySealedTokens(),
    sealer: reversingSealer(),
    clock,
    newId: stores.newId,
    log: (line) => log.push(line),
  });
  const stopping = new AbortController();
  // New ones for each room, as for each invocation: what paces one that writes much need not pace the next.
  const connections = () => app.open(stopping.signal);
  const settings = { githubServerUrl: github.github.url, workflow: 'agent.yml', runnerRepository: undefined };
  const lastDelivery: DispatchScene['lastDelivery'] = (name, repository = 'octo/slug') => {
    const event = github.events.findLast(
      (told) => told.name === name && `${told.repository.owner}/${told.repository.name}` === repository,
    );
    if (event === undefined) throw new Error(`no event ${name}`);
    return deliveryOf(event, clock.now());
  };
  return {
    ...{ github, clock, stores, app, key: keyOf(privateKey), connections, log, lastDelivery },
    room: (change = {}) => ({
      ...dispatchRoom({ settings, stores, github: app, connections: connections(), log: (line) => log.push(line) }),
      ...change,
    }),
    openIssue: async (title = 'slugify drops the last word') =>
      (await github.ask('POST', '/repos/octo/slug/issues', { body: { title, body: 'It does.' } })).json.number,
    comment: async (issue, body, token) => {
      const as = token === undefined ? {} : { token };
      const made = await github.ask('POST', `/repos/octo/slug/issues/${issue}/comments`, { body: { body }, ...as });
      if (made.status !== 201) throw new Error(made.text);
      return lastDelivery('issue_comment');
    },
    written: async (issue, repository = 'octo/slug') => {
      const path = `/repos/${repository}/issues/${issue}/comments?per_page=100`;
      const comments: { user: { login: string }; body: string }[] = (
        await github.ask('GET', path, { token: github.tokens.octo })
      ).json;
      return comments
        .filter(({ user }) => user.login === 'entropy[bot]')
        .map(({ body }) => body.slice(body.indexOf('\n') + 1).trim());
    },
    started: () =>
      github.events
        .filter(({ name }) => name === 'workflow_dispatch')
        .map(({ runId = 0, payload }) => ({ id: runId, title: String((payload['inputs'] as { run: string }).run) })),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await stores[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
    },
  };
}

function storesOf(clock: SimulatedClock, folder: string) {
  const database = openDatabase({ path: ':memory:', clock });
  const coordination = sqliteCoordination(database);
  let ids = 0;
  return {
    ...coordination,
    clock,
    newId: () => {
      ids += 1;
      return `01JD${String(ids).padStart(22, '0')}`;
    },
    waiting: memoryWaitingList(),
    heard: createIdempotencyStore(database),
    cursors: memoryCursors(),
    objects: createFolderObjectStore({ folder: `${folder}/objects`, clock }),
  };
}

function keyOf(privateKey: Parameters<typeof sign>[2]): AppKey {
  return { sign: async (message) => sign('RSA-SHA256', message, privateKey) };
}

/** As the webhook function queues it. */
export function deliveryOf(event: GitHubEvent, receivedAt: number): QueuedDelivery {
  const delivery = queuedOf(event, receivedAt);
  if (delivery === undefined) throw new Error(`nothing of ${event.name} is queued`);
  return delivery;
}

/** The same; undefined: the webhook function queues nothing of it. */
export function queuedOf(event: GitHubEvent, receivedAt: number): QueuedDelivery | undefined {
  const { owner, name } = event.repository;
  const payload = JSON.parse(JSON.stringify(event.payload));
  const cut = cutPayload(event.name, payload, `${owner}/${name}`);
  if (cut.kind !== 'cut') return undefined;
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    kind: 'delivery',
    schema: 1,
    delivery: event.deliveryId,
    event: event.name,
    bodySha256: hash(JSON.stringify(payload)),
    receivedAt,
    traceparent: deliveryTraceparent(hash(event.deliveryId)),
    installation,
    payload: cut.payload,
  };
}
