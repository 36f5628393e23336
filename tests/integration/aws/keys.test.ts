import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKmsAppKey } from '../../../src/adapters/aws/kms-app-key.ts';
import { createKmsMessageSealer } from '../../../src/adapters/aws/kms-message-sealer.ts';
import { createSecretVersions } from '../../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, kmsService, secretsService } from '../../../src/adapters/aws/signed-call.ts';
import { createFileAppKey } from '../../../src/adapters/filesystem/app-key-file.ts';
import { createAppJwt } from '../../../src/adapters/github/app-jwt.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { type AwsStandIn, awsSkipped, createKmsKey, startAws } from '../../fakes/aws-stand-in.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

describe.skipIf(awsSkipped() !== undefined)(`keys and secrets at AWS${awsSkipped() ?? ''}`, () => {
  let aws: AwsStandIn | undefined;
  const access = () => {
    if (aws === undefined) throw new Error('moto was not started');
    return aws.access();
  };
  const kms = () => createSignedCall(access(), kmsService);
  beforeAll(async () => {
    aws = await startAws();
  }, 60_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
  });

  it('signs with the key that KMS keeps, so that its public half verifies text and token', async () => {
    const keyId = await createKmsKey(access(), 'SIGN_VERIFY');
    const key = createKmsAppKey(kms(), keyId);
    const { PublicKey } = await kms()('GetPublicKey', { KeyId: keyId }, { resource: keyId });
    const der = Buffer.from(String(PublicKey), 'base64');
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const text = Buffer.from('naïve 😀');
    expect(verify('RSA-SHA256', text, publicKey, await key.sign(text))).toBe(true);
    expect(verify('RSA-SHA256', Buffer.from('other'), publicKey, await key.sign(text))).toBe(false);
    const token = await createAppJwt(42, key, createSystemClock())();
    expect((await jwtVerify(token, publicKey, { issuer: '42' })).protectedHeader.alg).toBe('RS256');
  });

  it('signs nothing that KMS would refuse', async () => {
    const key = createKmsAppKey(kms(), 'any');
    await expect(key.sign(new Uint8Array(4_097))).rejects.toMatchObject({ code: 'E900' });
  });

  it('opens what was sealed in the same context, and in no other', async () => {
    const keyId = await createKmsKey(access(), 'ENCRYPT_DECRYPT');
    const sealer = createKmsMessageSealer(kms(), keyId);
    const sealed = await sealer.seal('ghs_täken', { installation: '7' });
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('ghs_');
    expect(await sealer.open(sealed, { installation: '7' })).toBe('ghs_täken');
    await expect(sealer.open(sealed, { installation: '8' })).rejects.toMatchObject({ code: 'E747' });
    const changed = Uint8Array.from(sealed, (byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte));
    await expect(sealer.open(changed, { installation: '7' })).rejects.toMatchObject({ code: 'E747' });
  });

  it('reads the secret of now and the one before, while there is one', async () => {
    const call = createSignedCall(access(), secretsService);
    await call('CreateSecret', { Name: 'hook', SecretString: 'first' }, { resource: 'hook' });
    const versions = createSecretVersions(call);
    expect([await versions.current('hook'), await versions.previous('hook')]).toEqual(['first', undefined]);
    const requestId = 'a'.repeat(32);
    await versions.put('hook', 'second', requestId);
    await versions.put('hook', 'second', requestId);
    expect([await versions.current('hook'), await versions.previous('hook')]).toEqual(['second', 'first']);
  });
});

describe("the App's key in a file", () => {
  it('signs as KMS does', async () => {
    using folder = tempFolder();
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const file = path.join(folder.root, 'app.pem');
    writeFileSync(file, pair.privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const text = Buffer.from('text');
    expect(verify('RSA-SHA256', text, pair.publicKey, await createFileAppKey(file).sign(text))).toBe(true);
  });

  it('says what is wrong with the file, without a word of what it holds', async () => {
    using folder = tempFolder();
    const file = path.join(folder.root, 'app.pem');
    const sign = () => createFileAppKey(file).sign(new Uint8Array(1));
    await expect(sign()).rejects.toMatchObject({ code: 'E102' });
    writeFileSync(file, '-----BEGIN PRIVATE KEY-----\nsecretsecret\n-----END PRIVATE KEY-----\n');
    const error: unknown = await sign().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'E102' });
    expect(JSON.stringify(error) + String(error)).not.toContain('secretsecret');
    writeFileSync(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    chmodSync(file, 0o600);
    await expect(sign()).rejects.toThrow('ed25519');
  });
});
