import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Stands in every canary, so that a hunter can search for it without knowing any. */
export const mark = 'cnry';

/** Where secrets lie on a machine that runs agents, each with a value of its own. */
export const kinds = [
  'environment',
  'files',
  'descriptor',
  'parent process',
  'git config',
  'artifact',
  'model key',
] as const;
export type CanaryKind = (typeof kinds)[number];

export interface Canary {
  readonly kind: CanaryKind;
  readonly place: string;
  readonly value: string;
}

export interface Planted {
  readonly canaries: readonly Canary[];
  /** Home of the runner, filled. */
  readonly home: string;
  /** Of the runner, in which every job's programs start. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths of the files that hold one. */
  readonly files: readonly string[];
}

export function canary(kind: CanaryKind, place: string, prefix = ''): Canary {
  return { kind, place, value: `${prefix}${mark}${randomBytes(16).toString('hex')}` };
}

const inHome: readonly (readonly [string, (value: string) => string])[] = [
  ['.aws/credentials', (value) => `[default]\naws_secret_access_key = ${value}\n`],
  ['.ssh/id_ed25519', (value) => `-----BEGIN OPENSSH ${'PRIVATE KEY'}-----\n${value}\n`],
  ['.netrc', (value) => `machine github.com login x password ${value}\n`],
  ['.npmrc', (value) => `//registry.npmjs.org/:_authToken=${value}\n`],
  ['.git-credentials', (value) => `https://x:${value}@github.com\n`],
  ['.gitconfig', (value) => `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: bearer ${value}\n`],
  ['.docker/config.json', (value) => JSON.stringify({ auths: { 'ghcr.io': { auth: value } } })],
  ['.config/gh/hosts.yml', (value) => `github.com:\n  oauth_token: ${value}\n`],
  ['.kube/config', (value) => `users:\n- user:\n    token: ${value}\n`],
];

/** Fills a home and an environment, and writes one file beside each of the folders that jobs work in. */
export function plant(folder: string): Planted {
  const home = path.join(folder, 'home');
  const files = inHome.map(([name, text]) => {
    const one = canary('files', `~/${name}`);
    return { one, file: path.join(home, name), text: text(one.value) };
  });
  const loose = ['_temp/secret.txt', 'actions-runner/.credentials', '.env'].map((name) => {
    const one = canary('files', name);
    return { one, file: path.join(folder, name), text: `TOKEN=${one.value}\n` };
  });
  for (const { file, text } of [...files, ...loose]) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o644 });
  }
  const variables = ['AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN', 'DATABASE_PASSWORD', 'PLAIN_NAME'].map((name) =>
    canary('environment', name),
  );
  return {
    home,
    environment: Object.fromEntries(variables.map(({ place, value }) => [place, value])),
    files: [...files, ...loose].map(({ file }) => file),
    canaries: [...variables, ...[...files, ...loose].map(({ one }) => one)],
  };
}
