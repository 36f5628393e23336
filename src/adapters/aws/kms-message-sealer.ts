import { EntropyError } from '../../domain/error.ts';
import type { MessageSealer } from '../../ports/message-sealer.ts';
import { refusalName } from './aws-fault.ts';
import type { SignedCall } from './signed-call.ts';

/** KMS encrypts no more at once, and a token takes some 100 bytes. */
const largestBytes = 4_096;

/**
 * Small secrets, encrypted by a symmetric key of KMS; the context is bound to them and stands in CloudTrail. Throws E747
 * when what is to be opened was sealed by another key or in another context, or was changed.
 */
export function createKmsMessageSealer(call: SignedCall, keyId: string): MessageSealer {
  const options = { resource: keyId };
  return {
    seal: async (secret, context) => {
      const plain = Buffer.from(secret);
      if (plain.length > largestBytes) {
        throw new EntropyError({
          code: 'E900',
          message: `KMS seals ${largestBytes} bytes at most, and was to seal ${plain.length}`,
          fix: 'seal a key or token and not what it opens',
        });
      }
      const input = { KeyId: keyId, Plaintext: plain.toString('base64'), EncryptionContext: context };
      const { CiphertextBlob: sealed } = await call('Encrypt', input, options);
      if (typeof sealed === 'string') return Buffer.from(sealed, 'base64');
      throw unreadable('Encrypt', keyId);
    },
    open: async (sealed, context) => {
      const input = {
        KeyId: keyId,
        CiphertextBlob: Buffer.from(sealed).toString('base64'),
        EncryptionContext: context,
      };
      try {
        const { Plaintext: plain } = await call('Decrypt', input, options);
        if (typeof plain === 'string') return Buffer.from(plain, 'base64').toString();
      } catch (error) {
        if (!foreignNames.has(refusalName(error) ?? '')) throw error;
        throw new EntropyError({
          code: 'E747',
          message: `the sealed secret cannot be opened with the key ${keyId} in this context`,
          fix: 'throw it away and make a new one; if it stays so, check which key the functions are told of',
          cause: error,
        });
      }
      throw unreadable('Decrypt', keyId);
    },
  };
}

const foreignNames = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

function unreadable(operation: string, keyId: string): EntropyError {
  return new EntropyError({
    code: 'E740',
    message: `kms:${operation} on ${keyId}: the answer is none that this version understands`,
    fix: 'check what AWS_ENDPOINT_URL and the region point to',
  });
}
