/**
 * Gives the packed command line to npm's registry, with its provenance: `node scripts/release/publish-npm.ts FOLDER`. What is there
 * with the same bytes is left; an older version does not become what people get who name none.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReleaseFile } from './assemble.ts';
import { sumProblems } from './files.ts';
import { compareVersions, majorTag } from './versions.ts';

/** npm's standard output. Throws with what it said. */
export type Npm = (args: readonly string[]) => string;

const name = 'entropy-playground';

export function publishToNpm(folder: string, npm: Npm, log: (line: string) => void): void {
  const problems = sumProblems(folder);
  if (problems.length > 0) throw new Error(`not what was built:\n${problems.slice(0, 10).join('\n')}`);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'release.json'), 'utf8')) as ReleaseFile;
  const major = majorTag(version);
  const file = path.join(folder, `${name}-${version}.tgz`);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  const known = lookUp(npm);
  const there = known?.versions.includes(version) === true;
  if (there) {
    const published = JSON.parse(npm(['view', `${name}@${version}`, 'dist.integrity', '--json'])) as unknown;
    if (published !== integrity) throw new Error(`${name}@${version} is published with other bytes; raise the version`);
    log(`${name}@${version} is there`);
    return;
  }
  const newest = known?.latest === undefined || compareVersions(version, known.latest) > 0;
  const tag = newest ? 'latest' : `${major}-latest`;
  npm(['publish', file, '--provenance', '--access', 'public', '--ignore-scripts', '--tag', tag]);
  log(`${name}@${version} published as ${tag}`);
}

/** Undefined: nothing was published yet. Whatever else goes wrong is thrown. */
function lookUp(npm: Npm): { readonly versions: readonly string[]; readonly latest: string | undefined } | undefined {
  try {
    const { versions, 'dist-tags': tags } = JSON.parse(npm(['view', name, 'versions', 'dist-tags', '--json'])) as {
      readonly versions: string | readonly string[];
      readonly 'dist-tags': { readonly latest?: string };
    };
    return { versions: typeof versions === 'string' ? [versions] : versions, latest: tags.latest };
  } catch (error) {
    if (String((error as { readonly stderr?: unknown }).stderr ?? error).includes('E404')) return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) {
    console.error('which folder? node scripts/release/publish-npm.ts FOLDER');
    process.exitCode = 2;
  } else {
    const npm: Npm = (args) =>
      execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
    publishToNpm(path.resolve(folder), npm, (line) => console.log(line));
  }
}
