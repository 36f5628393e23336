import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../../../../src/adapters/egress/certificate-authority.ts';
import { javaTrustStore } from '../../../../src/adapters/egress/java-trust-store.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl'].find((file) => existsSync(file));

describe.runIf(openssl !== undefined)("Java's trust store", () => {
  it('holds the certificate, marked as one to trust, without a password', () => {
    using folder = tempFolder();
    const file = path.join(folder.root, 'ca.p12');
    const { certificate } = createCertificateAuthority(Date.now());
    writeFileSync(file, javaTrustStore(certificate));
    const shown = execFileSync(openssl ?? '', ['pkcs12', '-in', file, '-nokeys', '-nomacver', '-passin', 'pass:'], {
      encoding: 'utf8',
    });
    expect(shown).toContain('friendlyName: entropy');
    expect(shown).toContain('2.16.840.1.113894.746875.1.1');
    expect(shown).toContain(certificate.trim());
  });
});
