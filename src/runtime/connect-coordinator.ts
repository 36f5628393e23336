import { apiKeyToken, type CallerToken, jobToken } from '../adapters/coordinator/caller-token.ts';
import { type CoordinatorClient, createCoordinatorClient } from '../adapters/coordinator/coordinator-client.ts';
import { EntropyError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import { coordinatorKeyVariable, jobTokenVariables } from './cli-environment.ts';
import { takeSecret } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { version } from './version.ts';

/** A coordinator's address, and what we show there: the secret is taken out of the environment, so there is one a process. */
export interface CoordinatorAccess {
  /** As `readCoordinatorUrl` gives it. */
  readonly url: string;
  readonly token: CallerToken;
}

export function coordinatorAccess(url: string, clock: Clock): CoordinatorAccess {
  return { url, token: callerToken(url, clock) };
}

export interface CoordinatorConnection {
  readonly access: CoordinatorAccess;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  /** For one call with all its repetitions, milliseconds. */
  readonly deadlineMs: number;
}

/** A coordinator over HTTP. */
export function connectCoordinator({ access, ...connection }: CoordinatorConnection): CoordinatorClient {
  return createCoordinatorClient({ ...connection, ...access, userAgent: `entropy-playground/${version}` });
}

/** A run waits for its coordinator through a restart; one that stays away ends it with a clear error. */
const runDeadlineMs = 60_000;

/** The same connection with claims and books at a coordinator. */
export function coordinated(
  connection: GitHubConnection,
  at: Pick<CoordinatorConnection, 'access' | 'signal' | 'log'>,
): GitHubConnection {
  const { clock, newId } = connection;
  const { claims, tasks, runs, budgets, artifacts } = connectCoordinator({
    ...at,
    clock,
    newId,
    deadlineMs: runDeadlineMs,
  });
  return { ...connection, claims, books: { tasks, runs, budgets }, artifacts };
}

/** A key when there is one, else the job's own token. Both are gone from the environment afterwards. */
function callerToken(url: string, clock: Clock): CallerToken {
  const key = takeSecret(coordinatorKeyVariable);
  if (key !== undefined) return apiKeyToken(key);
  const [requestUrl, requestToken] = jobTokenVariables.map((name) => takeSecret(name));
  if (requestUrl === undefined || requestToken === undefined) {
    throw new EntropyError({
      code: 'E721',
      message: `there is no key for the coordinator ${url}: ${coordinatorKeyVariable} is not set`,
      fix: `export ${coordinatorKeyVariable}=…   (an admin makes one: entropy-playground keys create NAME --role operator)\nin a workflow:\n  permissions:\n    id-token: write`,
    });
  }
  return jobToken({ requestUrl, requestToken, audience: new URL(url).origin, clock });
}
