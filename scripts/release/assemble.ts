/**
 * Puts together what a release is made of, from what was built: `node scripts/release/assemble.ts FOLDER`.
 *   actions/<name>/   what the repository of each action holds: action.yml, dist, LICENSE, README.md
 *   entropy-playground-<version>.tgz   the command line, as npm packs it
 *   sbom.cdx.json     what all of it is made of (CycloneDX)
 *   SHA256SUMS        of every file above
 * The same commit gives the same bytes, whoever builds it, where and when (`npm run -s verify -- reproducible --json`).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Assembled {
  readonly version: string;
  /** Names of the actions. */
  readonly actions: readonly string[];
}

export function assembleRelease(folder: string): Assembled {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const actions = globSync('actions/*/action.yml', { cwd: root })
    .map((file) => path.basename(path.dirname(file)))
    .sort();
  for (const name of actions) assembleAction(name, path.join(folder, 'actions', name));
  const npm = (args: readonly string[]): string =>
    execFileSync('npm', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 ** 2,
    });
  npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const sbom = npm(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only']);
  writeFileSync(path.join(folder, 'sbom.cdx.json'), `${JSON.stringify(timeless(JSON.parse(sbom)), null, 2)}\n`);
  const files = filesOf(folder);
  const sums = files.map((file) => `${sha256(path.join(folder, file))}  ${file}`);
  writeFileSync(path.join(folder, 'SHA256SUMS'), `${sums.join('\n')}\n`);
  return { version, actions };
}

function assembleAction(name: string, target: string): void {
  const source = path.join(root, 'actions', name);
  mkdirSync(target, { recursive: true });
  const text = readFileSync(path.join(source, 'action.yml'), 'utf8');
  const runsBundle = /^\s*main: /m.test(text);
  if (runsBundle && !existsSync(path.join(source, 'dist/index.js'))) {
    throw new Error(`actions/${name}/dist is not built; npm run build`);
  }
  writeFileSync(path.join(target, 'action.yml'), text);
  if (runsBundle) cpSync(path.join(source, 'dist'), path.join(target, 'dist'), { recursive: true });
  cpSync(path.join(root, 'LICENSE'), path.join(target, 'LICENSE'));
  writeFileSync(path.join(target, 'README.md'), readme(name, text));
}

function readme(name: string, action: string): string {
  const [, description = ''] = /^description:\s*(.+)$/m.exec(action) ?? [];
  const home = 'https://github.com/entropy-playground/entropy-playground';
  return `# ${name}

${description.replace(/^["']|["']$/g, '')}

One of the actions of [Entropy Playground](${home}), built from there; nothing is changed here by hand. Inputs, outputs and
permissions: [docs/actions.md](${home}/blob/main/docs/actions.md). How to verify what you run:
[docs/supply-chain.md](${home}/blob/main/docs/supply-chain.md).
`;
}

/** npm notes a random number and the time, which would make each list another one. */
function timeless(sbom: Record<string, unknown>): unknown {
  const { serialNumber: _number, metadata, ...rest } = sbom;
  const { timestamp: _time, ...told } = (metadata ?? {}) as Record<string, unknown>;
  return { ...rest, metadata: told };
}

/** Relative paths, in an order that no locale changes. */
export function filesOf(folder: string): readonly string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort((a, b) => (a < b ? -1 : 1));
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) {
    console.error('which folder? node scripts/release/assemble.ts FOLDER');
    process.exitCode = 2;
  } else {
    const { version, actions } = assembleRelease(path.resolve(folder));
    console.log(JSON.stringify({ version, actions, folder }));
  }
}
