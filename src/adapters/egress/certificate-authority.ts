import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { bits, boolean, integer, objectId, octets, sequence, set, tagged, utcTime, utf8 } from './der.ts';

const oids = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

const dayMs = 86_400_000;
const authorityName = 'Entropy Playground, one run';

/** Signs in the name of allowed hosts for the commands of one sandbox. Its keys are made here and never leave this memory. */
export interface CertificateAuthority {
  /** What commands are told to trust. */
  readonly certificate: string;
  contextFor(host: string): SecureContext;
}

/** An authority of two days: no run is longer, and a clock may be wrong by one. Nothing outside the sandbox ever trusts it. */
export function createCertificateAuthority(now: number): CertificateAuthority {
  const own = newKey();
  const leaf = newKey();
  const issued = { issuerKey: own.privateKey, issuerId: own.id, now };
  const certificate = issue({
    ...issued,
    subject: authorityName,
    key: own,
    extensions: [
      extension(oids.basicConstraints, sequence(boolean(true), integer(Buffer.from([0]))), 'critical'),
      // keyCertSign
      extension(oids.keyUsage, bits(Buffer.from([0x04]), 2), 'critical'),
    ],
  });
  const contexts = new Map<string, SecureContext>();
  const contextOf = (host: string): SecureContext => {
    const cert = issue({
      ...issued,
      subject: host.slice(0, 64),
      key: leaf,
      extensions: [
        extension(oids.basicConstraints, sequence(), 'critical'),
        // digitalSignature
        extension(oids.keyUsage, bits(Buffer.from([0x80]), 7), 'critical'),
        extension(oids.extendedKeyUsage, sequence(objectId(oids.serverAuth))),
        // A host of 64 characters or more is only here.
        extension(oids.subjectAltName, sequence(tagged(2, 'primitive', Buffer.from(host)))),
      ],
    });
    const key = leaf.privateKey.export({ type: 'pkcs8', format: 'pem' });
    return createSecureContext({ cert: `${cert}${certificate}`, key, minVersion: 'TLSv1.2' });
  };
  return {
    certificate,
    contextFor(host) {
      const context = contexts.get(host) ?? contextOf(host);
      contexts.set(host, context);
      return context;
    },
  };
}

interface Key {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, in DER. */
  readonly info: Buffer;
  readonly id: Buffer;
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, info, id: createHash('sha256').update(info).digest().subarray(0, 20) };
}

interface Issue {
  readonly subject: string;
  readonly key: Key;
  readonly issuerKey: KeyObject;
  readonly issuerId: Buffer;
  readonly now: number;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, version 3, in PEM. */
function issue({ subject, key, issuerKey, issuerId, now, extensions }: Issue): string {
  const algorithm = sequence(objectId(oids.ecdsaWithSha256));
  const body = sequence(
    tagged(0, 'constructed', integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    name(authorityName),
    sequence(utcTime(now - dayMs), utcTime(now + dayMs)),
    name(subject),
    key.info,
    tagged(
      3,
      'constructed',
      sequence(
        ...extensions,
        extension(oids.subjectKeyId, octets(key.id)),
        extension(oids.authorityKeyId, sequence(tagged(0, 'primitive', issuerId))),
      ),
    ),
  );
  const certificate = sequence(body, algorithm, bits(sign('sha256', body, issuerKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(objectId(oids.commonName), utf8(commonName))));
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  return sequence(objectId(id), ...(critical === undefined ? [] : [boolean(true)]), octets(value));
}
