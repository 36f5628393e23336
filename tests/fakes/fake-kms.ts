import {
  constants,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  randomUUID,
  sign,
} from 'node:crypto';
import { paddedWrapIv } from '../../src/adapters/aws/import-app-key.ts';

/** One key of KMS whose material comes from outside; moto knows no such keys. */
interface ImportedKey {
  material: KeyObject | undefined;
  state: 'Enabled' | 'PendingImport' | 'Disabled';
  token: string | undefined;
}

export interface KmsAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeKms {
  /** RSA_2048, SIGN_VERIFY, EXTERNAL, and empty. */
  createKey(): string;
  disable(keyId: string): void;
  publicKeyOf(keyId: string): KeyObject | undefined;
  /** The operations in the order in which they came. */
  readonly calls: readonly string[];
  answer(operation: string, input: Readonly<Record<string, unknown>>): KmsAnswer;
}

let wrappingPair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

/** Speaks KMS's protocol for imported signing keys, and unwraps what it is given as KMS must. */
export function fakeKms(): FakeKms {
  const keys = new Map<string, ImportedKey>();
  const calls: string[] = [];
  const wrapping = () => {
    wrappingPair ??= generateKeyPairSync('rsa', { modulusLength: 4_096 });
    return wrappingPair;
  };

  const operations: Readonly<
    Record<string, (key: ImportedKey, input: Readonly<Record<string, unknown>>, keyId: string) => KmsAnswer>
  > = {
    DescribeKey: ({ state }, _input, keyId) =>
      ok({
        KeyMetadata: {
          KeyId: keyId,
          KeyState: state,
          KeySpec: 'RSA_2048',
          KeyUsage: 'SIGN_VERIFY',
          Origin: 'EXTERNAL',
        },
      }),
    GetPublicKey: ({ material, state }) => {
      if (material === undefined || state !== 'Enabled') return refuse('KMSInvalidStateException', `it is ${state}`);
      return ok({ PublicKey: createPublicKey(material).export({ format: 'der', type: 'spki' }).toString('base64') });
    },
    GetParametersForImport: (key, input) => {
      if (input['WrappingAlgorithm'] !== 'RSA_AES_KEY_WRAP_SHA_256' || input['WrappingKeySpec'] !== 'RSA_4096') {
        return refuse('ValidationException', 'an RSA private key wants RSA_AES_KEY_WRAP_SHA_256');
      }
      key.token = randomUUID();
      const PublicKey = wrapping().publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
      return ok({ PublicKey, ImportToken: key.token });
    },
    ImportKeyMaterial: (key, input) => {
      if (key.token === undefined || input['ImportToken'] !== key.token) {
        return refuse('InvalidImportTokenException', 'another token');
      }
      const material = unwrap(Buffer.from(String(input['EncryptedKeyMaterial']), 'base64'), wrapping().privateKey);
      const known = key.material;
      if (known !== undefined && !createPublicKey(known).equals(createPublicKey(material))) {
        return refuse('IncorrectKeyMaterialException', 'other material was imported before');
      }
      Object.assign(key, { material, state: 'Enabled', token: undefined });
      return ok({});
    },
    Sign: ({ material, state }, input) => {
      if (material === undefined || state !== 'Enabled') return refuse('KMSInvalidStateException', `it is ${state}`);
      const message = Buffer.from(String(input['Message']), 'base64');
      return ok({ Signature: sign('RSA-SHA256', message, material).toString('base64') });
    },
  };

  return {
    calls,
    createKey: () => {
      const id = randomUUID();
      keys.set(id, { material: undefined, state: 'PendingImport', token: undefined });
      return id;
    },
    disable: (keyId) => {
      const key = keys.get(keyId);
      if (key !== undefined) key.state = 'Disabled';
    },
    publicKeyOf: (keyId) => {
      const material = keys.get(keyId)?.material;
      return material && createPublicKey(material);
    },
    answer: (operation, input) => {
      calls.push(operation);
      const keyId = String(input['KeyId']);
      const key = keys.get(keyId);
      const act = operations[operation];
      if (act === undefined) throw new Error(`nobody should ask KMS for ${operation}`);
      return key === undefined ? refuse('NotFoundException', `no key ${keyId}`) : act(key, input, keyId);
    },
  };
}

function unwrap(wrapped: Buffer, wrappingKey: KeyObject): KeyObject {
  const aesKey = privateDecrypt(
    { key: wrappingKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    wrapped.subarray(0, 512),
  );
  const cipher = createDecipheriv('id-aes256-wrap-pad', aesKey, paddedWrapIv);
  const der = Buffer.concat([cipher.update(wrapped.subarray(512)), cipher.final()]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function ok(body: KmsAnswer['body']): KmsAnswer {
  return { status: 200, body };
}

function refuse(name: string, message: string): KmsAnswer {
  return { status: 400, body: { __type: name, message } };
}
