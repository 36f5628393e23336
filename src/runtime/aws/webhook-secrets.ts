import { EntropyError } from '../../domain/error.ts';
import type { WebhookSecrets } from '../../flows/receive-delivery.ts';
import type { Clock } from '../../ports/clock.ts';

export interface CachedSecretsOptions {
  /** The secret of now, then the one before, as far as there are any. */
  readonly read: () => Promise<readonly string[]>;
  readonly clock: Clock;
  /** Told when secrets cannot be read anew and the old ones go on counting. */
  readonly onStale: (error: unknown) => void;
}

const keepMs = 5 * 60_000;
/** Anybody can send wrong signatures; so often, at most, they make us ask. */
const rereadMs = 20_000;

/**
 * Secrets for webhooks, read at the first delivery and every five minutes. While they cannot be read, those that were read
 * before count: a delivery must not be lost because a service that we do not need for it is in trouble.
 */
export function cachedWebhookSecrets({ read, clock, onStale }: CachedSecretsOptions): WebhookSecrets {
  let known: readonly string[] | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  const ask = async (): Promise<readonly string[]> => {
    askedAt = clock.monotonic();
    try {
      const secrets = await read();
      if (secrets.length === 0) throw noSecret();
      known = secrets;
      return secrets;
    } catch (error) {
      if (known === undefined) throw error;
      onStale(error);
      return known;
    }
  };

  return {
    current: async () => {
      const fresh = clock.monotonic() - askedAt < keepMs;
      return known !== undefined && fresh ? known : ask();
    },
    reread: async () => (clock.monotonic() - askedAt < rereadMs ? undefined : ask()),
  };
}

function noSecret(): EntropyError {
  return new EntropyError({
    code: 'E746',
    message: 'the secret of the webhook has no value yet',
    fix: 'entropy-playground deploy makes one and tells it to GitHub',
    retryable: true,
  });
}
