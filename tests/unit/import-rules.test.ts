import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayImport } from '../../scripts/import-rules.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const root = path.resolve(import.meta.dirname, '../..');
const rule = 'lint/style/noRestrictedImports';

/** What the shipped biome.json says of these files: the rules that each of them breaks, by its path. */
function lint(files: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  using folder = tempFolder(files);
  cpSync(path.join(root, 'biome.json'), path.join(folder.root, 'biome.json'));
  const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = spawnSync(path.join(root, 'node_modules/.bin/biome'), args, {
    cwd: folder.root,
    encoding: 'utf8',
  });
  const report: { readonly diagnostics: readonly Diagnostic[] } = JSON.parse(stdout);
  const broken = new Map<string, string[]>(Object.keys(files).map((file) => [file, []]));
  for (const { category, location } of report.diagnostics) {
    const file = typeof location.path === 'string' ? location.path : location.path.file;
    broken.get(file)?.push(category);
  }
  return broken;
}

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string | { readonly file: string } };
}

const rooms = Object.keys(mayImport).map((room) => room.replace('src/', ''));
/** Rooms beside `src`. */
const besideSrc = rooms.filter((room) => !(`src/${room}` in mayImport));
const rulesOf = (room: string) => mayImport[besideSrc.includes(room) ? room : `src/${room}`] ?? [];
// A folder that was emptied is not there in a clone; nor has it a rule.
const adapters = readdirSync(path.join(root, 'src/adapters'))
  .filter((name) => readdirSync(path.join(root, 'src/adapters', name)).length > 0)
  .sort();
/** A file of a room, and how it names another room from there. */
const folderOf = (room: string) => {
  if (besideSrc.includes(room)) return `${room}/thing`;
  return room === 'adapters' ? `src/adapters/${adapters[0]}` : `src/${room}`;
};
const fileOf = (room: string, name: string) => `${folderOf(room)}/${name}.ts`;
const thingOf = (from: string, to: string) =>
  path.posix.relative(folderOf(from), besideSrc.includes(to) ? `${to}/thing.ts` : `src/${to}/thing.ts`);
const pairs = rooms.flatMap((from) => rooms.filter((to) => to !== from).map((to) => ({ from, to })));
const planted = (by: (specifier: string) => string) =>
  lint(Object.fromEntries(pairs.map(({ from, to }) => [fileOf(from, `to-${to}`), by(thingOf(from, to))])));

describe('who may import whom', () => {
  it.each([
    ['an import', (specifier: string) => `import { thing } from '${specifier}';\n\nexport const own = thing;\n`],
    [
      'an import of a type',
      (specifier: string) => `import type { Thing } from '${specifier}';\n\nexport type Own = Thing;\n`,
    ],
    ['a lazy import', (specifier: string) => `export const own = () => import('${specifier}');\n`],
    ['an export', (specifier: string) => `export { thing } from '${specifier}';\n`],
  ])('is kept by the linter: %s is refused exactly where the table forbids it', (_name, by) => {
    const broken = planted(by);
    const refused = pairs.filter(({ from, to }) => broken.get(fileOf(from, `to-${to}`))?.includes(rule));
    const forbidden = pairs.filter(({ from, to }) => !rulesOf(from).includes(to));
    expect(refused).toEqual(forbidden);
  });

  it('lets no adapter import another', () => {
    const [first = '', second = ''] = adapters;
    const file = `src/adapters/${first}/thing.ts`;
    const broken = lint({ [file]: `export { thing } from '../${second}/thing.ts';\n` });
    expect(broken.get(file)).toContain(rule);
  });

  it('lets the domain import nothing but itself', () => {
    const broken = lint({
      'src/domain/a.ts': "import { readFileSync } from 'node:fs';\n\nexport const a = readFileSync;\n",
      'src/domain/b.ts': "import { z } from 'zod';\n\nexport const b = z;\n",
      'src/domain/c.ts': "import { a } from './a.ts';\n\nexport const c = a;\n",
    });
    expect(broken.get('src/domain/a.ts')).toContain(rule);
    expect(broken.get('src/domain/b.ts')).toContain(rule);
    expect(broken.get('src/domain/c.ts')).toEqual([]);
  });

  it('lets no room import an entry, a script or a test', () => {
    const outside = ['actions', 'scripts', 'tests'];
    const broken = lint(
      Object.fromEntries(
        outside.map((folder) => [`src/flows/to-${folder}.ts`, `export { thing } from '../../${folder}/thing.ts';\n`]),
      ),
    );
    for (const folder of outside) expect(broken.get(`src/flows/to-${folder}.ts`), folder).toContain(rule);
  });

  it('allows no cycle, types included', () => {
    const broken = lint({
      'src/domain/a.ts': "import type { B } from './b.ts';\n\nexport type A = B | 1;\n",
      'src/domain/b.ts': "import type { A } from './a.ts';\n\nexport type B = A[];\n",
    });
    expect([...broken.values()].flat()).toContain('lint/suspicious/noImportCycles');
  });

  it('lets only config.ts of the runtime read the environment', () => {
    const reads = 'export const path = process.env["PATH"];\n';
    const broken = lint({ 'src/runtime/config.ts': reads, 'src/runtime/other.ts': reads, 'src/flows/other.ts': reads });
    expect(broken.get('src/runtime/config.ts')).toEqual([]);
    expect(broken.get('src/runtime/other.ts')).toContain('lint/style/noProcessEnv');
    expect(broken.get('src/flows/other.ts')).toContain('lint/style/noProcessEnv');
  });
});
