import { foldPath } from '../protected-paths.ts';

/**
 * Files that say where packages come from, by how that is read out of them. `npm-json` is JSON of which some fields are
 * addresses and others are prose; of `text` and `lines` every address counts; of `prose` those that are no part of a sentence.
 */
export type SourceFileKind = 'npm-json' | 'text' | 'lines' | 'prose' | 'go-module';

const kinds: Readonly<Record<string, SourceFileKind>> = {
  'package.json': 'npm-json',
  'package-lock.json': 'npm-json',
  'npm-shrinkwrap.json': 'npm-json',
  // It quotes what the authors of packages say of their end.
  'pnpm-lock.yaml': 'prose',
  'yarn.lock': 'text',
  'bun.lock': 'text',
  'cargo.lock': 'text',
  'poetry.lock': 'text',
  'uv.lock': 'text',
  'pdm.lock': 'text',
  'pipfile.lock': 'text',
  'gemfile.lock': 'text',
  'go.mod': 'go-module',
  'go.work': 'go-module',
  '.npmrc': 'lines',
  '.yarnrc': 'lines',
  '.yarnrc.yml': 'text',
  'bunfig.toml': 'text',
  'pip.conf': 'lines',
  'pip.ini': 'lines',
};

/** Undefined: no such file. Compared as the least careful file system would. */
export function sourceFileKind(path: string): SourceFileKind | undefined {
  const folded = foldPath(path);
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  if (/^(?:requirements|constraints).*\.txt$/s.test(name)) return 'lines';
  if (folded.endsWith('.cargo/config.toml')) return 'text';
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}
