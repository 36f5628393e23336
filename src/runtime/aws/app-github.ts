import { createForgeApp } from '../../adapters/github/forge-app.ts';
import { type AllowedOwner, isAllowedOwner } from '../../domain/access/allowed-owner.ts';
import { EntropyError } from '../../domain/error.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import type { GateMemory } from '../../flows/dispatch/gate-memory.ts';
import { createInstallationTokens } from '../../flows/installation-token.ts';
import type { AppKey } from '../../ports/app-key.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ForgeApp, InstallationInfo } from '../../ports/forge-app.ts';
import type { MessageSealer } from '../../ports/message-sealer.ts';
import type { SealedTokenStore } from '../../ports/sealed-token-store.ts';
import { createGateMemory } from '../gate-memory.ts';
import { connectRepository, openGitHubApi, type RepositoryConnection } from '../github-repository.ts';
import { createIssueLookUps, type IssueLookUps } from '../issue-look-ups.ts';
import { version } from '../version.ts';

export interface AppGitHubParts {
  readonly appId: number;
  readonly apiUrl: string;
  readonly key: AppKey;
  readonly tokens: SealedTokenStore;
  readonly sealer: MessageSealer;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: (line: string) => void;
  /** Whose installations count; empty: of everybody who installed the App. */
  readonly owners: readonly AllowedOwner[];
}

/** GitHub as the App sees it; kept from one invocation to the next, for what it knows of installations and its tokens. */
export interface AppGitHub {
  readonly app: ForgeApp;
  readonly covers: (installation: number, repository: RepositoryRef) => Promise<boolean>;
  readonly installationOf: (repository: RepositoryRef) => Promise<number | undefined>;
  /** What strangers write bounds what the App is asked for: its requests are those of all agents. */
  readonly memory: GateMemory;
  readonly lookUps: IssueLookUps;
  /** Repositories, each opened when it is first needed, until the signal. */
  open(signal: AbortSignal): AppConnections;
}

export interface AppConnections {
  connect(repository: RepositoryRef): RepositoryConnection;
  /** The least that any installation has left of its requests of this hour, as far as it was told. */
  limitLeft(): number | undefined;
}

/** GitHub's word on where the App is installed is believed for so long. */
const believedMs = 10 * 60_000;
const maxKnown = 5_000;
/** A function waits no longer for GitHub: what takes longer goes back into the queue. */
const maxWaitMs = 8_000;
const requestTimeoutMs = 10_000;

export function openAppGitHub(parts: AppGitHubParts): AppGitHub {
  const { appId, apiUrl, key, clock, log, tokens, sealer, newId } = parts;
  // Its own requests end by their time: it outlives each invocation.
  const { signal: always } = new AbortController();
  const userAgent = `entropy-playground/${version}`;
  const options = { appId, key, apiUrl, userAgent, clock, log, signal: always, requestTimeoutMs, maxWaitMs };
  const app = appOf(createForgeApp({ ...options, tokenOf: (installation) => tokenOf(installation) }), parts.owners);
  const tokenOf = createInstallationTokens({ app, store: tokens, sealer, clock, newId });
  const known = new Map<string, { readonly askedAt: number; readonly info: InstallationInfo }>();

  const installationOf = async (repository: RepositoryRef): Promise<InstallationInfo | undefined> => {
    const name = fullName(repository).toLowerCase();
    const before = known.get(name);
    if (before !== undefined && clock.monotonic() - before.askedAt < believedMs) return before.info;
    const info = await app.installationOf(repository);
    known.delete(name);
    if (info === undefined || info.suspended) return undefined;
    known.set(name, { askedAt: clock.monotonic(), info });
    for (const oldest of known.keys()) {
      if (known.size <= maxKnown) break;
      known.delete(oldest);
    }
    return info;
  };

  const tokenFor = async (repository: RepositoryRef): Promise<string> => {
    const installation = await installationOf(repository);
    if (installation === undefined) throw notInstalled(repository);
    return tokenOf(installation.id);
  };

  return {
    app,
    memory: createGateMemory(clock),
    lookUps: createIssueLookUps(clock),
    covers: async (installation, repository) => (await installationOf(repository))?.id === installation,
    installationOf: async (repository) => (await installationOf(repository))?.id,
    open: (signal) => {
      const connections = new Map<string, RepositoryConnection>();
      return {
        connect: (repository) => {
          const name = fullName(repository).toLowerCase();
          const known = connections.get(name);
          if (known !== undefined) return known;
          const token = () => tokenFor(repository);
          const api = openGitHubApi({ token, repository, apiUrl, log, maxWaitMs }, clock, signal);
          const open = connectRepository(api, { author: app.author });
          connections.set(name, open);
          return open;
        },
        limitLeft: () => {
          const told = [...connections.values()].map((connection) => connection.limitLeft());
          const left = told.filter((count) => count !== undefined);
          return left.length === 0 ? undefined : Math.min(...left);
        },
      };
    },
  };
}

/** An App that somebody made public is installed by strangers: where this stack does not work, it is not installed. */
function appOf(app: ForgeApp, owners: readonly AllowedOwner[]): ForgeApp {
  const isOurs = ({ account, accountId }: InstallationInfo): boolean =>
    owners.length === 0 || owners.some((allowed) => isAllowedOwner(allowed, { login: account, id: accountId }));
  return {
    ...app,
    installations: async function* () {
      for await (const installation of app.installations()) if (isOurs(installation)) yield installation;
    },
    installationOf: async (repository) => {
      const installation = await app.installationOf(repository);
      return installation !== undefined && isOurs(installation) ? installation : undefined;
    },
  };
}

function notInstalled(repository: RepositoryRef): EntropyError {
  return new EntropyError({
    code: 'E202',
    message: `the GitHub App is not installed for ${fullName(repository)}, or is suspended there`,
    fix: "install it: the App's page → Install App, and choose the repository",
  });
}
