import { EntropyError } from '../../domain/error.ts';
import type { SignedCall } from './signed-call.ts';

export interface SecretVersions {
  /** The one that counts (AWSCURRENT); undefined: the secret has no value yet. */
  current(secretId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Id of that version: the `requestId` that it was put with. */
  currentVersion(secretId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The one before (AWSPREVIOUS), which still counts while it is there. */
  previous(secretId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Becomes AWSCURRENT; what was, AWSPREVIOUS. `requestId` makes a repetition the same write: 32 to 64 characters. */
  put(secretId: string, value: string, requestId: string, signal?: AbortSignal): Promise<void>;
  /** The one before counts no more, which a leak asks for. `none`: there is none. */
  retirePrevious(secretId: string, signal?: AbortSignal): Promise<'retired' | 'none'>;
}

/** Values of one secret in Secrets Manager. `call` speaks to it. */
export function createSecretVersions(call: SignedCall): SecretVersions {
  const get = async (secretId: string, stage: string, signal?: AbortSignal) => {
    const input = { SecretId: secretId, VersionStage: stage };
    const answer = await call('GetSecretValue', input, options(secretId, signal)).catch((error: unknown) => {
      // The secret is there, or the stack would not have told of it: it is the version that is missing.
      if (error instanceof EntropyError && error.code === 'E746') return undefined;
      throw error;
    });
    const [value, version] = [answer?.['SecretString'], answer?.['VersionId']];
    return {
      value: typeof value === 'string' && value !== '' ? value : undefined,
      version: typeof version === 'string' ? version : undefined,
    };
  };
  return {
    current: async (secretId, signal) => (await get(secretId, 'AWSCURRENT', signal)).value,
    currentVersion: async (secretId, signal) => (await get(secretId, 'AWSCURRENT', signal)).version,
    previous: async (secretId, signal) => (await get(secretId, 'AWSPREVIOUS', signal)).value,
    retirePrevious: async (secretId, signal) => {
      const { version } = await get(secretId, 'AWSPREVIOUS', signal);
      if (version === undefined) return 'none';
      const input = { SecretId: secretId, VersionStage: 'AWSPREVIOUS', RemoveFromVersionId: version };
      await call('UpdateSecretVersionStage', input, options(secretId, signal));
      return 'retired';
    },
    put: async (secretId, value, requestId, signal) => {
      const input = { SecretId: secretId, SecretString: value, ClientRequestToken: requestId };
      await call('PutSecretValue', input, options(secretId, signal));
    },
  };
}

function options(secretId: string, signal: AbortSignal | undefined) {
  return { resource: secretId, ...(signal && { signal }) };
}
