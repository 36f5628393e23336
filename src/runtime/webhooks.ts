import { mirroredEvents } from '../domain/coordination/mirrored-events.ts';
import { EntropyError } from '../domain/error.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import type { ForgeHooks, HookInfo } from '../ports/forge-hooks.ts';
import { takeSecret } from './config.ts';
import type { RoomContext } from './coordination-room.ts';
import { openGitHubAccess } from './github-access.ts';
import { webhookSecretVariables } from './serve.ts';

export interface HookRoom {
  readonly name: string;
  readonly hooks: ForgeHooks;
  /** One hook per coordinator: the one that is there already is brought up to date, with the secret of now. */
  register(coordinatorUrl: string): Promise<{ readonly action: 'created' | 'updated'; readonly webhook: HookInfo }>;
}

const minSecret = 16;
const [webhookSecretVariable] = webhookSecretVariables;

/** The webhooks of a repository on GitHub, with our own token. */
export function openHooks(repository: RepositoryRef, context: RoomContext): HookRoom {
  const { hooks } = openGitHubAccess(context).connect(repository);
  return {
    name: fullName(repository),
    hooks,
    register: async (coordinatorUrl) => {
      const secret = takeSecret(webhookSecretVariable);
      if (secret === undefined || secret.length < minSecret) throw noSecret(secret);
      const url = `${coordinatorUrl}/v1/webhooks/github`;
      const settings = { url, events: mirroredEvents, secret };
      const known = (await hooks.list()).find((hook) => hook.url === url);
      if (known === undefined) return { action: 'created', webhook: await hooks.create(settings) };
      return { action: 'updated', webhook: await hooks.update(known.id, settings) };
    },
  };
}

function noSecret(secret: string | undefined): EntropyError {
  const problem = secret === undefined ? 'is not set' : `has fewer than ${minSecret} characters`;
  return new EntropyError({
    code: 'E101',
    message: `${webhookSecretVariable} ${problem}`,
    fix: `give it the same value here and where the coordinator runs: export ${webhookSecretVariable}="$(openssl rand -hex 32)"`,
  });
}
