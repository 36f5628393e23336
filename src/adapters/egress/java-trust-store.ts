import { X509Certificate } from 'node:crypto';
import { der, integer, objectId, octets, sequence, set, tagged } from './der.ts';

const oids = {
  data: '1.2.840.113549.1.7.1',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  /** Oracle's mark, without which Java takes a certificate for one of its own keys and trusts nothing by it. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
  anyUsage: '2.5.29.37.0',
} as const;

/** A PKCS #12 file (RFC 7292) with this certificate and no password, since it holds no secret: what Java reads instead of PEM. */
export function javaTrustStore(certificate: string): Buffer {
  const { raw } = new X509Certificate(certificate);
  const name = der(0x1e, Buffer.from('entropy', 'utf16le').swap16());
  const bag = sequence(
    objectId(oids.certificateBag),
    tagged(0, 'constructed', sequence(objectId(oids.x509), tagged(0, 'constructed', octets(raw)))),
    set(
      sequence(objectId(oids.friendlyName), set(name)),
      sequence(objectId(oids.trustedKeyUsage), set(objectId(oids.anyUsage))),
    ),
  );
  return sequence(integer(Buffer.from([3])), content(sequence(content(sequence(bag)))));
}

function content(inner: Buffer): Buffer {
  return sequence(objectId(oids.data), tagged(0, 'constructed', octets(inner)));
}
