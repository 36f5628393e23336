import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { EntropyError } from '../../domain/error.ts';
import type { AppKey } from '../../ports/app-key.ts';

const wantedBits = 2_048;

/** The App's private key from the text that GitHub gave. Never quotes it, not even a broken one. */
export function readPrivateKeyText(pem: string, from: string): KeyObject {
  const key = parsed(pem);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  const fits = key?.asymmetricKeyType === 'rsa' && bits === wantedBits;
  if (key !== undefined && fits) return key;
  const seen =
    key === undefined
      ? 'holds no private key in PEM form'
      : `holds a key of kind ${key.asymmetricKeyType}${bits === undefined ? '' : ` with ${bits} bits`}`;
  throw new EntropyError({
    code: 'E764',
    message: `${from} ${seen}; the key of a GitHub App is RSA with ${wantedBits} bits`,
    fix: 'name the .pem file that GitHub gave when the private key was generated',
  });
}

/** Signs as KMS will, while the key is not there yet. */
export function localAppKey(key: KeyObject): AppKey {
  const signing = promisify(sign);
  return { sign: async (message) => signing('RSA-SHA256', message, key) };
}

export function samePublicKey(one: KeyObject, other: KeyObject): boolean {
  return publicHalf(one).equals(publicHalf(other));
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'public' ? key : createPublicKey(key);
}

function parsed(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says of it helps nobody, and could quote it.
    return undefined;
  }
}
