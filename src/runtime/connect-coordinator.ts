import { apiKeyToken, type CallerToken, jobToken } from '../adapters/coordinator/caller-token.ts';
import { type CoordinatorClient, createCoordinatorClient } from '../adapters/coordinator/coordinator-client.ts';
import { EntropyError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import { coordinatorKeyVariable, jobTokenVariables } from './cli-environment.ts';
import { takeSecret } from './config.ts';
import { version } from './version.ts';

export interface CoordinatorConnection {
  /** As `readCoordinatorUrl` gives it. */
  readonly url: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** For one call with all its repetitions, milliseconds. */
  readonly deadlineMs: number;
}

/** A coordinator over HTTP, as whoever the environment says that we are. Takes the secrets out of it. */
export function connectCoordinator(connection: CoordinatorConnection): CoordinatorClient {
  const token = callerToken(connection.url, connection.clock);
  return createCoordinatorClient({ ...connection, token, userAgent: `entropy-playground/${version}` });
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
