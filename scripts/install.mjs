// Runs before `npm start` and `npm test`, with whatever Node the machine has, so it is plain JavaScript.
// Installs the locked dependencies when they are missing or when the lock file has changed since, then runs the script
// that it was given with the Node that came with them: a shell that has looked `node` up once keeps to the old one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installRuntime } from './install-runtime.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = `${root}/node_modules/.installed-from`;
const lock = createHash('sha256')
  .update(readFileSync(`${root}/package-lock.json`))
  .digest('hex');
const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock;

if (!installed) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    console.error(`entropy-playground needs Node 20 or newer to install itself; this is ${process.version}.`);
    console.error('  fix   install Node 20, 22 or 24 from https://nodejs.org and run the same command again');
    process.exit(2);
  }
  console.error('entropy-playground: installing dependencies (once, about half a minute) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // No package runs code of its own here: whoever takes one over would have our machines.
  const result = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('entropy-playground: `npm ci` failed; its own message is above.');
    console.error('  fix   check the network or proxy (`npm ping`), then run the same command again');
    process.exit(1);
  }
  const problem = installRuntime(root);
  if (problem !== undefined) {
    console.error(`entropy-playground: Node could not be installed: ${problem}.`);
    console.error('  fix   check the network or proxy (`npm ping`), then run the same command again');
    process.exit(1);
  }
  writeFileSync(stampFile, lock);
}

const [script, ...args] = process.argv.slice(2);
if (script !== undefined) {
  const node = `${root}node_modules/.bin/node`;
  const result = spawnSync(existsSync(node) ? node : process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = result.status ?? 1;
}
