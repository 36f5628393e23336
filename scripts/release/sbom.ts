import { createHash } from 'node:crypto';
import { npm } from './npm.ts';

/**
 * What a release is made of, as CycloneDX: every package that the bundles and the command line may load, by version and checksum.
 * npm gives each list a random number and the time; here the number is made of what is in the list, so that the same packages give
 * the same bytes.
 */
export function sbomText(root: string): string {
  const list = JSON.parse(
    npm(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], root),
  ) as Record<string, unknown>;
  const { serialNumber: _number, metadata, ...rest } = list;
  const { timestamp: _time, ...told } = (metadata ?? {}) as Record<string, unknown>;
  const content = { ...rest, metadata: told };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  // Attesting a list asks for a number. Version 8 of a UUID is the one whose bits the maker chooses.
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  const { $schema, bomFormat, specVersion, ...others } = content as Record<string, unknown>;
  const whole = { $schema, bomFormat, specVersion, serialNumber: `urn:uuid:${uuid.join('-')}`, ...others };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
