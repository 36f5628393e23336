import { constants, createCipheriv, createPublicKey, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { EntropyError } from '../../domain/error.ts';
import { refusalName } from './aws-fault.ts';
import type { CallOptions, JsonObject, SignedCall } from './signed-call.ts';

/** Where a KMS key stands that takes its material from outside. */
export type ImportedKeyState =
  /** Made by the stack, and empty. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'filled'; readonly publicKey: KeyObject }
  /** Disabled, about to be deleted, of another kind: nothing that an import could mend. */
  | { readonly kind: 'unusable'; readonly reason: string };

export interface AppKeyImport {
  state(keyId: string, signal?: AbortSignal): Promise<ImportedKeyState>;
  /** `otherMaterial`: KMS holds, or once held, the private key of somebody else, and takes no second one. */
  fill(keyId: string, privateKey: KeyObject, signal?: AbortSignal): Promise<'filled' | 'otherMaterial'>;
}

const wrapping = { WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256', WrappingKeySpec: 'RSA_4096' } as const;
const neverExpires = 'KEY_MATERIAL_DOES_NOT_EXPIRE';

/** Puts the App's private key into KMS, from where nobody reads it again; it only signs. `call` speaks to KMS. */
export function createAppKeyImport(call: SignedCall): AppKeyImport {
  return {
    state: async (keyId, signal) => {
      const { KeyMetadata } = await call('DescribeKey', { KeyId: keyId }, about(keyId, signal));
      const { KeyState, KeySpec, KeyUsage, Origin } = object(KeyMetadata);
      if (KeySpec !== 'RSA_2048' || KeyUsage !== 'SIGN_VERIFY' || Origin !== 'EXTERNAL') {
        const reason = `it is ${text(KeySpec)} for ${text(KeyUsage)} from ${text(Origin)}, not RSA_2048 for SIGN_VERIFY from EXTERNAL`;
        return { kind: 'unusable', reason };
      }
      if (KeyState === 'PendingImport') return { kind: 'empty' };
      if (KeyState !== 'Enabled') return { kind: 'unusable', reason: `its state is ${text(KeyState)}` };
      const { PublicKey } = await call('GetPublicKey', { KeyId: keyId }, about(keyId, signal));
      const der = Buffer.from(text(PublicKey), 'base64');
      return { kind: 'filled', publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
    },
    fill: async (keyId, privateKey, signal) => {
      const options = about(keyId, signal);
      const given = await call('GetParametersForImport', { KeyId: keyId, ...wrapping }, options);
      const wrapped = wrapKeyMaterial(privateKey, Buffer.from(text(given['PublicKey']), 'base64'));
      const input = {
        KeyId: keyId,
        ImportToken: text(given['ImportToken']),
        EncryptedKeyMaterial: wrapped.toString('base64'),
        ExpirationModel: neverExpires,
      };
      return call('ImportKeyMaterial', input, options).then(
        () => 'filled' as const,
        (error: unknown) => {
          if (refusalName(error) !== 'IncorrectKeyMaterialException') throw error;
          return 'otherMaterial' as const;
        },
      );
    },
  };
}

/**
 * `RSA_AES_KEY_WRAP_SHA_256`, which is CKM_RSA_AES_KEY_WRAP of PKCS #11: a fresh AES-256 key under RSA-OAEP with SHA-256 for
 * both hash and mask, then the private key (PKCS #8, DER) under that key with AES key wrap with padding (RFC 5649).
 */
export function wrapKeyMaterial(privateKey: KeyObject, wrappingKeyDer: Buffer): Buffer {
  const material = privateKey.export({ format: 'der', type: 'pkcs8' });
  const aesKey = randomBytes(32);
  try {
    const wrappingKey = createPublicKey({ key: wrappingKeyDer, format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const wrappedAesKey = publicEncrypt({ key: wrappingKey, padding, oaepHash: 'sha256' }, aesKey);
    const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, paddedWrapIv);
    return Buffer.concat([wrappedAesKey, cipher.update(material), cipher.final()]);
  } finally {
    aesKey.fill(0);
    material.fill(0);
  }
}

/** The fixed first half of RFC 5649's alternative initial value; the cipher adds the length. */
export const paddedWrapIv = Buffer.from('a65959a6', 'hex');

function about(keyId: string, signal: AbortSignal | undefined): CallOptions {
  return { resource: keyId, ...(signal && { signal }) };
}

function object(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw unreadable();
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw unreadable();
}

function unreadable(): EntropyError {
  return new EntropyError({
    code: 'E740',
    message: "KMS's answer about the App's key cannot be read",
    fix: 'check what AWS_ENDPOINT_URL and the region point to, then try again',
  });
}
