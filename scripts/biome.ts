/** Writes biome.json from the table in import-rules.ts; `npm run check` fails when the file is not what this writes. */
import { readdirSync, writeFileSync } from 'node:fs';
import { mayImport } from './import-rules.ts';

const rooms = [
  'domain',
  'ports',
  'agent',
  'flows',
  'wire',
  'adapters',
  'embedded',
  'server',
  'runtime',
  'cli',
  'dashboard',
];
const entryFolders = ['actions', 'lambdas', 'cdk', 'scripts', 'tests'];

function adapters(): string[] {
  return (
    readdirSync('src/adapters', { withFileTypes: true })
      // git keeps no empty folders, so a clone has none.
      .filter((entry) => entry.isDirectory() && readdirSync(`src/adapters/${entry.name}`).length > 0)
      .map((entry) => entry.name)
      .sort()
  );
}

/** `../domain/x.ts`, `../../domain/x.ts`: a room is recognised by its name after any number of `../`. */
function toRooms(names: readonly string[]): string[] {
  return names.flatMap((name) => [
    `../${name}/**`,
    `../../${name}/**`,
    `../../../${name}/**`,
    `../../../../${name}/**`,
    `../src/${name}/**`,
    `../../src/${name}/**`,
    `../../../src/${name}/**`,
  ]);
}

function restrict(includes: string[], groups: { group: string[]; message: string }[]) {
  return {
    includes,
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns: groups } } } } },
  };
}

const roomOverrides = Object.entries(mayImport).flatMap(([room, allowed]) => {
  const own = room.replace('src/', '');
  const forbidden = rooms.filter((name) => name !== own && !allowed.includes(name));
  const message = `${room} may import only: ${allowed.length === 0 ? 'itself' : allowed.join(', ')} (docs/architecture.md)`;
  const outside = { group: [...toRooms(forbidden), ...toRooms(entryFolders.filter((name) => name !== own))], message };
  if (own === 'domain') {
    const pure = { group: ['**', '!./**', '!../**'], message: 'src/domain is pure: no I/O, no libraries' };
    return [restrict([`${room}/**`], [outside, pure])];
  }
  if (own !== 'adapters') return [restrict([`${room}/**`], [outside])];
  return adapters().map((adapter) => {
    const siblings = adapters().filter((name) => name !== adapter);
    const apart = {
      group: siblings.flatMap((name) => [`../${name}/**`, `../../${name}/**`]),
      message: 'adapters never import each other: put what both need into domain or a port',
    };
    return restrict([`${room}/${adapter}/**`], siblings.length === 0 ? [outside] : [outside, apart]);
  });
});

const config = {
  $schema: './node_modules/@biomejs/biome/configuration_schema.json',
  root: true,
  vcs: { enabled: true, clientKind: 'git', useIgnoreFile: true },
  files: {
    includes: [
      '**',
      '!**/dist',
      '!**/.build',
      '!tests/fixtures',
      '!examples',
      '!bench/issues',
      '!**/*.md',
      '!docs/entropy.schema.json',
      '!**/*.generated.*',
      '!package-lock.json',
    ],
  },
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 120 },
  javascript: { formatter: { quoteStyle: 'single' } },
  linter: {
    rules: {
      preset: 'recommended',
      suspicious: {
        noImportCycles: { level: 'error', options: { ignoreTypes: false } },
        noExplicitAny: 'error',
      },
      style: { noProcessEnv: 'error', useImportType: 'error', noNonNullAssertion: 'error' },
      complexity: { noBannedTypes: 'error', useLiteralKeys: 'off' },
    },
  },
  overrides: [
    ...roomOverrides,
    {
      includes: ['src/runtime/config.ts', 'scripts/**', 'tests/**', 'vitest.config.ts'],
      linter: { rules: { style: { noProcessEnv: 'off' } } },
    },
    {
      // Pieces of source are named there, template strings among them.
      includes: ['tests/attack/defences/**'],
      linter: { rules: { suspicious: { noTemplateCurlyInString: 'off' } } },
    },
  ],
};

export const biomeJson = `${JSON.stringify(config, null, 2)}\n`;
if (import.meta.main) writeFileSync('biome.json', biomeJson);
