import { EntropyError } from '../../domain/error.ts';
import type { AppKey } from '../../ports/app-key.ts';
import type { SignedCall } from './signed-call.ts';

/** What KMS signs without being given a hash of it; a JSON web token of an App takes some 200. */
const largestBytes = 4_096;

/** The App's key inside of KMS, which it never leaves. `call` speaks to KMS; the role needs kms:Sign on this key alone. */
export function createKmsAppKey(call: SignedCall, keyId: string): AppKey {
  return {
    sign: async (message) => {
      if (message.length > largestBytes) {
        throw new EntropyError({
          code: 'E900',
          message: `KMS signs ${largestBytes} bytes at most, and was to sign ${message.length}`,
          fix: 'sign a token and not what it stands for',
        });
      }
      const input = {
        KeyId: keyId,
        Message: Buffer.from(message).toString('base64'),
        MessageType: 'RAW',
        SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      };
      const { Signature: signature } = await call('Sign', input, { resource: keyId });
      if (typeof signature === 'string') return Buffer.from(signature, 'base64');
      throw new EntropyError({
        code: 'E740',
        message: `kms:Sign on ${keyId}: the answer holds no signature`,
        fix: 'check what AWS_ENDPOINT_URL and the region point to',
      });
    },
  };
}
