import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeSums } from '../../../../scripts/release/files.ts';
import { type Npm, publishToNpm } from '../../../../scripts/release/publish-npm.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const bytes = 'packed';
const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** A registry that knows these versions, and what was published in it. */
function published(version: string, known: readonly string[], ofKnown = integrity) {
  using folder = tempFolder({
    [`entropy-playground-${version}.tgz`]: bytes,
    'release.json': JSON.stringify({ version, source: '', date: '' }),
  });
  writeSums(folder.root);
  const publishes: (readonly string[])[] = [];
  const npm: Npm = (args) => {
    if (args[0] === 'publish') return String(publishes.push(args));
    if (args.includes('dist.integrity')) return JSON.stringify(ofKnown);
    if (known.length === 0) throw Object.assign(new Error('npm failed'), { stderr: 'npm error code E404' });
    const versions = known.length === 1 ? known[0] : known;
    return JSON.stringify({ versions, 'dist-tags': { latest: known.at(-1) } });
  };
  const logged: string[] = [];
  publishToNpm(folder.root, npm, (line) => logged.push(line));
  return { tags: publishes.map((args) => args.at(-1)), args: publishes[0], logged };
}

describe('the package in the registry', () => {
  it('is published with its provenance, and runs no script', () => {
    const { args, tags } = published('1.0.0', []);
    expect(args).toEqual(expect.arrayContaining(['--provenance', '--ignore-scripts']));
    expect(tags).toEqual(['latest']);
    expect(published('1.10.0', ['1.9.0']).tags).toEqual(['latest']);
  });

  it('of an older version does not become the newest', () => {
    expect(published('1.9.1', ['1.9.0', '2.0.0']).tags).toEqual(['v1-latest']);
  });

  it('that is there is left, and refused with other bytes', () => {
    expect(published('1.0.0', ['1.0.0'])).toMatchObject({ tags: [], logged: ['entropy-playground@1.0.0 is there'] });
    expect(() => published('1.0.0', ['1.0.0'], 'sha512-other')).toThrow('published with other bytes');
  });
});
