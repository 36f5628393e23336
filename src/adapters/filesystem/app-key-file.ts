import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EntropyError } from '../../domain/error.ts';
import type { AppKey } from '../../ports/app-key.ts';

/** The App's private key from the .pem file that GitHub gave: for a laptop, and for tests. Read when it first signs. */
export function createFileAppKey(path: string): AppKey {
  let key: Promise<KeyObject> | undefined;
  const signing = promisify(sign);
  return {
    sign: async (message) => {
      key ??= readKey(path);
      return signing('RSA-SHA256', message, await key);
    },
  };
}

async function readKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path).catch((cause: unknown) => {
    throw unusable(path, 'cannot be read', cause);
  });
  const key = parsed(pem);
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw unusable(
    path,
    key === undefined ? 'holds no private key' : `holds a key of kind ${key.asymmetricKeyType}, not RSA`,
  );
}

function parsed(pem: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's words could quote a piece of the file.
    return undefined;
  }
}

function unusable(path: string, what: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E102',
    message: `the App's private key ${path} ${what}`,
    fix: 'name the .pem file that GitHub gave when the private key was generated',
    ...(cause !== undefined && { cause }),
  });
}
