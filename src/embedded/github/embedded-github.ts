import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import { appsListen, deliverToApps } from './events/app-deliveries.ts';
import { type EventListener, Events } from './events/events.ts';
import { deliverToHooks, listens } from './events/webhook-delivery.ts';
import { createBareRepository, type RepositorySource } from './git/create-repository.ts';
import { defaultHostPath } from './git/run-git.ts';
import { Faults } from './http/faults.ts';
import { RateLimits } from './http/rate-limits.ts';
import { type Exchange, type LoggedRequest, RequestLog } from './http/request-log.ts';
import { AppManifests } from './identity/app-manifests.ts';
import { type AppSeed, appOfSeed, type InstallationSeed, installationOfSeed } from './identity/app-seed.ts';
import { Apps } from './identity/apps.ts';
import { type MintRequest, mintJobToken, mintUserToken } from './identity/mint-token.ts';
import { Tokens } from './identity/tokens.ts';
import { type IdTokenRequest, IdTokens, type JobClaims } from './oidc/id-tokens.ts';
import { type RunRecords, runRecords } from './runs/run-records.ts';
import { WorkflowRuns } from './runs/workflow-runs.ts';
import { openServer } from './server.ts';
import { noreplyAddress } from './state/accounts.ts';
import { defaultLabels } from './state/default-labels.ts';
import type { MergeSettings, Repository, Role } from './state/repository-state.ts';
import { Store } from './state/store.ts';
import { timestamp } from './state/timestamp.ts';
import type { World } from './world.ts';

export interface RepositorySeed {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  /** For folders and empty ones; `main` when absent. A git source brings its own. */
  readonly defaultBranch?: string;
  readonly source: RepositorySource;
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** Auto-merge is off and nothing is required when absent, as in a new repository on GitHub. */
  readonly merging?: Partial<MergeSettings>;
}

export interface EmbeddedGitHubOptions {
  /** Where the bare repositories go. Must exist only as far as it can be made. */
  readonly dataDir: string;
  /** Any free one when absent or 0. */
  readonly port?: number;
  /** Loopback when absent. */
  readonly host?: string;
  readonly clock: Clock;
  readonly users: readonly { readonly login: string; readonly name?: string }[];
  readonly repositories: readonly RepositorySeed[];
  readonly apps?: readonly AppSeed[];
  /** Members of the teams of organisations: `{ 'octo/agents': ['alice'] }`. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** `off`: requests are counted and never refused, for load that GitHub itself would not take. */
  readonly rateLimits?: 'on' | 'off';
  /** PATH on which git is found. */
  readonly hostPath?: string;
  /** Sees every API exchange with its bodies; for checks in tests. */
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface EmbeddedGitHub extends AsyncDisposable {
  /** Where people look; also GITHUB_SERVER_URL. */
  readonly url: string;
  /** GITHUB_API_URL, in the form of a server of one's own: `<url>/api/v3`. */
  readonly apiUrl: string;
  /** GITHUB_GRAPHQL_URL; knows only what our own client asks for. */
  readonly graphqlUrl: string;
  /** A workflow job's GITHUB_TOKEN. */
  mintToken(request: MintRequest): string;
  /** `iss` of the ID tokens of jobs; `<issuer>/.well-known/openid-configuration` tells the rest. */
  readonly idTokenIssuer: string;
  /** Where a job with `id-token: write` asks for tokens about itself. */
  openIdTokens(claims: JobClaims): IdTokenRequest;
  /** The end of a job is the end of its token. */
  revokeToken(token: string): void;
  /** As if the account's owner had pressed "Install" on the App's page. Returns the installation's id. */
  installApp(appId: number, installation: Omit<InstallationSeed, 'id'>): number;
  /** A personal token of a seeded user, with all that the user may do. */
  userToken(login: string): string;
  gitUrl(owner: string, name: string): string;
  /** The bare repository's folder. */
  gitDir(owner: string, name: string): string;
  onEvent(listener: EventListener): () => void;
  readonly runs: RunRecords;
  readonly faults: Faults;
  requests(): readonly LoggedRequest[];
  requestCounts(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Starts GitHub's stand-in: users and repositories as seeded, git on disk, all else in memory until it is closed. */
export async function startEmbeddedGitHub(options: EmbeddedGitHubOptions): Promise<EmbeddedGitHub> {
  const { clock } = options;
  const now = () => clock.now();
  const closing = new AbortController();
  const store = new Store(timestamp(clock));
  for (const { login, name } of options.users) store.accounts.add({ login, name: name ?? null, type: 'User' });
  for (const [name, members] of Object.entries(options.teams ?? {})) store.teams.set(name, members);
  await Promise.all(options.repositories.map((seed) => seedRepository(store, seed, options)));

  const log = new RequestLog();
  const faults = new Faults();
  const server = await openServer({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  const deliveries = { clock, signal: closing.signal, nextId: () => store.id() };
  const apps = new Apps((options.apps ?? []).map((seed) => appOfSeed(store, seed, timestamp(clock))));
  const world: World = {
    clock,
    webUrl: server.url,
    apiUrl: `${server.url}/api/v3`,
    store,
    tokens: new Tokens(now),
    apps,
    manifests: new AppManifests(now),
    limits: new RateLimits(now, options.rateLimits !== 'off'),
    deliveries,
    events: new Events({
      deliver: (repository, event) => {
        deliverToHooks(deliveries, repository, event);
        deliverToApps(deliveries, { apps: apps.all(), repository }, event);
      },
      listen: (repository, name) =>
        repository.hooks.some((hook) => listens(hook, name)) || appsListen(apps.all(), repository, name),
    }),
    runs: new WorkflowRuns(store, () => timestamp(clock)),
    idTokens: new IdTokens(server.url, clock),
  };
  await server.serve({ world, log, faults, onExchange: options.onExchange });
  const close = async () => {
    closing.abort();
    await server.close();
    await Promise.all(store.repositories().map((repository) => repository.git[Symbol.asyncDispose]()));
  };
  return {
    url: world.webUrl,
    apiUrl: world.apiUrl,
    graphqlUrl: `${world.webUrl}/api/graphql`,
    mintToken: (request) => mintJobToken(world, request),
    idTokenIssuer: world.idTokens.issuer,
    openIdTokens: (claims) => world.idTokens.open(claims),
    revokeToken: (token) => world.tokens.revoke(token),
    installApp: (appId, installation) => installApp(world, appId, installation),
    userToken: (login) => mintUserToken(world, login),
    gitUrl: (owner, name) => `${world.webUrl}/${owner}/${name}.git`,
    gitDir: (owner, name) => join(options.dataDir, owner, `${name}.git`),
    onEvent: (listener) => world.events.onWorkflowEvent(listener),
    runs: runRecords(world),
    faults,
    requests: () => log.requests(),
    requestCounts: () => log.counts(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function installApp(world: World, appId: number, installation: Omit<InstallationSeed, 'id'>): number {
  const app = world.apps.find(appId);
  if (app === undefined) {
    const fix = 'Seed it when the embedded GitHub is started, or register it from a manifest.';
    throw new EntropyError({ code: 'E801', message: `the embedded GitHub has no App ${appId}`, fix });
  }
  const id = world.store.id();
  app.installations.push(installationOfSeed(appId, { ...installation, id }, timestamp(world.clock)));
  return id;
}

async function seedRepository(store: Store, seed: RepositorySeed, options: EmbeddedGitHubOptions): Promise<void> {
  const now = timestamp(options.clock);
  const owner =
    store.accounts.find(seed.owner) ?? store.accounts.add({ login: seed.owner, name: null, type: 'Organization' });
  const folder = join(options.dataDir, seed.owner);
  await mkdir(folder, { recursive: true });
  const { git, defaultBranch } = await createBareRepository({
    dir: join(folder, `${seed.name}.git`),
    source: seed.source,
    defaultBranch: seed.defaultBranch ?? 'main',
    author: { name: owner.name ?? owner.login, email: noreplyAddress(owner), date: now },
    hostPath: options.hostPath ?? defaultHostPath,
  });
  const collaborators = new Map<string, Role>();
  for (const [login, role] of Object.entries(seed.collaborators ?? {})) {
    const account = store.accounts.add({ login, name: null, type: 'User' });
    collaborators.set(account.login.toLowerCase(), role);
  }
  const repository: Repository = {
    id: store.id(),
    owner,
    name: seed.name,
    private: seed.private ?? false,
    description: seed.description ?? null,
    defaultBranch,
    createdAt: now,
    pushedAt: now,
    git,
    collaborators,
    labels: defaultLabels(() => store.id()),
    issues: new Map(),
    comments: new Map(),
    merging: { autoMerge: false, requiredChecks: [], ...seed.merging },
    milestones: [],
    checkRuns: [],
    statuses: [],
    runs: new Map(),
    hooks: [],
    nextNumber: 1,
  };
  store.addRepository(repository);
}
