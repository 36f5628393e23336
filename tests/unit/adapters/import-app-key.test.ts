import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAppKeyImport } from '../../../src/adapters/aws/import-app-key.ts';
import { createKmsAppKey } from '../../../src/adapters/aws/kms-app-key.ts';
import type { SignedCall } from '../../../src/adapters/aws/signed-call.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { fakeKms } from '../../fakes/fake-kms.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

function room() {
  const kms = fakeKms();
  const call: SignedCall = async (operation, input) => {
    const { status, body } = kms.answer(operation, input);
    if (status === 200) return body;
    const cause = Object.assign(new Error(String(body['message'])), { name: String(body['__type']) });
    throw new EntropyError({ code: 'E740', message: operation, fix: '', cause });
  };
  return { kms, call, keyImport: createAppKeyImport(call), keyId: kms.createKey() };
}

test('a key that was wrapped here is unwrapped there, and signs as its owner', async () => {
  const { keyImport, keyId, call } = room();
  expect(await keyImport.state(keyId)).toEqual({ kind: 'empty' });
  expect(await keyImport.fill(keyId, privateKey)).toBe('filled');
  const state = await keyImport.state(keyId);
  expect(state.kind === 'filled' && state.publicKey.equals(createPublicKey(privateKey))).toBe(true);
  const message = Buffer.from('header.payload');
  const signature = await createKmsAppKey(call, keyId).sign(message);
  expect(verify('RSA-SHA256', message, createPublicKey(privateKey), signature)).toBe(true);
});

test('the same key again is welcome, another one is not', async () => {
  const { keyImport, keyId } = room();
  await keyImport.fill(keyId, privateKey);
  expect(await keyImport.fill(keyId, privateKey)).toBe('filled');
  const other = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  expect(await keyImport.fill(keyId, other)).toBe('otherMaterial');
});

test('a key that is disabled is told as it is', async () => {
  const { kms, keyImport, keyId } = room();
  kms.disable(keyId);
  expect(await keyImport.state(keyId)).toEqual({ kind: 'unusable', reason: 'its state is Disabled' });
});

test('the private key is never among what is sent', async () => {
  const { kms, call, keyId } = room();
  const sent: string[] = [];
  const noting: SignedCall = (operation, input, options) => {
    sent.push(JSON.stringify(input));
    return call(operation, input, options);
  };
  await createAppKeyImport(noting).fill(keyId, privateKey);
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  for (let from = 0; from + 48 <= der.length; from += 48) {
    expect(sent.join()).not.toContain(der.subarray(from, from + 48).toString('base64'));
  }
  expect(kms.calls).toEqual(['GetParametersForImport', 'ImportKeyMaterial']);
});
