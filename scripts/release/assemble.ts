/**
 * Puts together what a release is made of, from what was built: `node scripts/release/assemble.ts FOLDER`.
 *   actions/<name>/   what the repository of each action holds: action.yml, dist, LICENSE, README.md
 *   entropy-playground-<version>.tgz   the command line, as npm packs it
 *   sbom.cdx.json     what all of it is made of (CycloneDX)
 *   release.json      version, and the commit that it was built from
 *   SHA256SUMS        of every file above
 * The same commit gives the same bytes, whoever builds it, where and when (`npm run -s verify -- reproducible --json`).
 */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf, withPlainMode, writeSums } from './files.ts';
import { gitWith } from './git.ts';
import { packPackage, readManifest } from './npm.ts';
import { sbomText } from './sbom.ts';

/** `release.json`. */
export interface ReleaseFile {
  readonly version: string;
  /** The commit that it was built from. */
  readonly source: string;
  /** When that was made, as git writes it: `1763755200 +0000`. */
  readonly date: string;
}

export interface Assembled extends ReleaseFile {
  /** Names of the actions. */
  readonly actions: readonly string[];
}

/** Refuses files that are not as they were committed: what is released can then be built again from its commit. */
export function assembleRelease(root: string, folder: string): Assembled {
  const git = gitWith({ date: '0 +0000' });
  const changed = git(['status', '--porcelain', '--untracked-files=no'], root);
  if (changed !== '') throw new Error(`not as it was committed:\n${changed}`);
  const [source = '', date = ''] = git(['log', '-1', '--format=%H%n%cd', '--date=raw'], root).split('\n');
  const { version } = readManifest(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const actions = globSync('actions/*/action.yml', { cwd: root })
    .map((file) => path.basename(path.dirname(file)))
    .sort();
  for (const name of actions) assembleAction(root, name, path.join(folder, 'actions', name));
  packPackage(root, folder);
  writeFileSync(path.join(folder, 'sbom.cdx.json'), sbomText(root));
  const release: ReleaseFile = { version, source, date };
  writeFileSync(path.join(folder, 'release.json'), `${JSON.stringify(release, null, 2)}\n`);
  writeSums(folder);
  for (const file of filesOf(folder)) withPlainMode(path.join(folder, file));
  return { ...release, actions };
}

function assembleAction(root: string, name: string, target: string): void {
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

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) {
    console.error('which folder? node scripts/release/assemble.ts FOLDER');
    process.exitCode = 2;
  } else {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    console.log(JSON.stringify({ ...assembleRelease(root, path.resolve(folder)), folder }));
  }
}
