import { describeError, EntropyError } from '../../domain/error.ts';
import type { AwsCredentialSource } from './aws-access.ts';

export interface ChainOptions {
  /** Absent: `AWS_PROFILE`, then `default`. */
  readonly profile?: string;
}

/**
 * Credentials as every AWS tool finds them on a person's machine: environment, profile, single sign-on, role. Loaded with
 * the first request, renewed before they end.
 */
export function createChainCredentials({ profile }: ChainOptions = {}): AwsCredentialSource {
  let provider: AwsCredentialSource | undefined;
  return async () => {
    try {
      if (provider === undefined) {
        const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
        provider = defaultProvider(profile === undefined ? {} : { profile });
      }
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider();
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken !== undefined && { sessionToken }),
        ...(expiration !== undefined && { expiration }),
      };
    } catch (error) {
      throw new EntropyError({
        code: 'E741',
        message: 'no AWS credentials were found',
        why: describeError(error),
        fix: 'sign in (aws sso login), name a profile (AWS_PROFILE), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
        cause: error,
      });
    }
  };
}
