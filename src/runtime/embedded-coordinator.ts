import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { defaultRunnerEvents } from '../domain/access/runner-policy.ts';
import { mirroredEvents } from '../domain/coordination/mirrored-events.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import { type RunningCoordinator, startCoordinator } from './coordinator-server.ts';
import { postAs } from './embedded-api.ts';

export interface EmbeddedCoordinatorOptions {
  readonly github: EmbeddedGitHub;
  readonly repository: RepositoryRef;
  /** Who administers the repository there. */
  readonly admin: string;
  readonly folder: string;
}

/**
 * A coordinator for the embedded GitHub, as an organisation would run one: it lets the repository's jobs in by their ID
 * tokens, and hears of issues and runs by a signed webhook.
 */
export async function startEmbeddedCoordinator(
  { github, repository, admin, folder }: EmbeddedCoordinatorOptions,
  signal: AbortSignal,
): Promise<RunningCoordinator> {
  const secret = randomBytes(32).toString('hex');
  const coordinator = await startCoordinator({
    stateFile: join(folder, 'coordination.sqlite'),
    host: '127.0.0.1',
    port: 0,
    adminKey: 'always',
    addressFrom: 'socket',
    log: () => undefined,
    github: { webhookSecrets: [secret], host: new URL(github.url).host },
    oidc: {
      issuer: github.idTokenIssuer,
      policy: { repositories: [{ glob: fullName(repository) }], workflows: [], events: defaultRunnerEvents },
    },
  });
  try {
    const config = { url: `${coordinator.url}/v1/webhooks/github`, content_type: 'json', secret };
    const body = { name: 'web', events: mirroredEvents, active: true, config };
    await postAs(github, admin, { repository, path: 'hooks', body, signal });
    return coordinator;
  } catch (error) {
    await coordinator.close(0);
    throw error;
  }
}
