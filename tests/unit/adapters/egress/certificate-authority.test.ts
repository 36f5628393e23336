import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../../../../src/adapters/egress/certificate-authority.ts';
import { der, integer, objectId, utcTime } from '../../../../src/adapters/egress/der.ts';

const authority = createCertificateAuthority(Date.now());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a client sees that trusts this authority and no other. */
async function shakeHands(host: string, asked = host): Promise<{ authorized: boolean; certificate: X509Certificate }> {
  const server = createServer({ SNICallback: (_, done) => done(null, authority.contextFor(host)) }, (socket) =>
    socket.end(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ socket: connectTcp(port, '127.0.0.1'), servername: asked, ca: authority.certificate });
  try {
    await once(socket, 'secureConnect');
    return { authorized: socket.authorized, certificate: new X509Certificate(socket.getPeerCertificate().raw) };
  } finally {
    server.close();
    socket.destroy();
  }
}

describe("the authority of a run's way out", () => {
  it('is one that may sign, for two days, and is its own issuer', () => {
    const certificate = new X509Certificate(authority.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.validToDate.getTime() - certificate.validFromDate.getTime()).toBe(2 * 86_400_000);
  });

  it.each(['registry.example', 'a.b.c.registry.example', `${'long-'.repeat(12)}name.${'deep.'.repeat(20)}example`])(
    'signs for %s in a way that TLS accepts',
    async (host) => {
      const { authorized, certificate } = await shakeHands(host);
      expect(authorized).toBe(true);
      expect(certificate.checkHost(host)).toBe(host);
    },
  );

  it('signs for no other name than the one that was asked for', async () => {
    await expect(shakeHands('registry.example', 'other.example')).rejects.toThrow(/does not match/);
  });

  it('is another one each time', () => {
    const other = createCertificateAuthority(Date.now());
    const { publicKey } = new X509Certificate(other.certificate);
    expect(new X509Certificate(authority.certificate).verify(publicKey)).toBe(false);
  });
});

describe('DER', () => {
  it('writes lengths, numbers, names and times as X.690 has them', () => {
    expect(hex(der(0x04, Buffer.alloc(127))).slice(0, 4)).toBe('047f');
    expect(hex(der(0x04, Buffer.alloc(128))).slice(0, 6)).toBe('048180');
    expect(hex(der(0x04, Buffer.alloc(300))).slice(0, 8)).toBe('0482012c');
    expect(hex(integer(Buffer.from([0])))).toBe('020100');
    expect(hex(integer(Buffer.from([0, 0, 0x7f])))).toBe('02017f');
    expect(hex(integer(Buffer.from([0x80])))).toBe('02020080');
    expect(hex(objectId('1.2.840.10045.4.3.2'))).toBe('06082a8648ce3d040302');
    expect(
      utcTime(Date.UTC(2026, 10, 2, 3, 4, 5))
        .subarray(2)
        .toString(),
    ).toBe('261102030405Z');
  });
});
