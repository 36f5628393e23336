/**
 * Builds what is shipped: `dist/` (plain JavaScript of `src`, for the command line), `dist/lambdas/` (one bundle per function of
 * the AWS stack) and `actions/<name>/dist/` (one self-contained bundle per action). `--if-stale`
 * does nothing when no source changed since the last build.
 * ncc does not read TypeScript 7, so tsc emits first and ncc bundles the JavaScript.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildLambdas, lambdasMissing } from './build-lambdas.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = `${root}dist/.built-from`;
const bundledActions = ['gate', 'agent', 'publish', 'coder'] as const;
/** The coder's bundle under another name: their `action.yml` says which role works (`role-actions.ts`). */
const roleActions = ['reviewer', 'tester', 'issue-reader'] as const;

function sourcesFingerprint(): string {
  const files = globSync(
    ['src/**/*.ts', 'actions/*/main.ts', 'lambdas/*/*.ts', 'tsconfig*.json', 'package-lock.json', 'scripts/build*.ts'],
    { cwd: root },
  ).sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(`${root}${file}`);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function isStale(fingerprint: string): boolean {
  const stamped = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint;
  return (
    !stamped ||
    lambdasMissing() ||
    [...bundledActions, ...roleActions].some((name) => !existsSync(`${root}actions/${name}/dist/index.js`))
  );
}

/** Runs a program of node_modules; its output goes to our stderr, only when it fails or was asked for. */
function run(script: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${root}node_modules/${script}`, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(output));
      reject(new Error(`${script} ${args.join(' ')} ended with exit code ${code}`));
    });
  });
}

/** Beside it first, for the same reason as a bundle of its own. */
function copyBundle(from: string, to: string): void {
  const fresh = `${root}.build/${to}-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(`${root}actions/${from}/dist`, fresh, { recursive: true });
  putInPlace(fresh, to);
}

async function bundle(emitted: string, action: string): Promise<void> {
  // Built beside it and put in its place at once: a run that is under way must not find half a bundle.
  const fresh = `${root}.build/${action}-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  // What lies in a folder that everybody may write to is not taken into what is shipped: no cache.
  const options = ['-o', fresh, '--minify', '--quiet', '--no-cache'];
  await run('@vercel/ncc/dist/ncc/cli.js', ['build', `${emitted}/actions/${action}/main.js`, ...options]);
  // Without this file Node would read the bundle as the nearest package.json says.
  writeFileSync(`${fresh}/package.json`, '{ "type": "commonjs" }\n');
  // What `post:` names in action.yml: the same bundle, told by a word that it is the post step.
  writeFileSync(`${fresh}/post.js`, "process.argv.splice(2, 0, 'post');\nrequire('./index.js');\n");
  putInPlace(fresh, action);
}

function putInPlace(fresh: string, action: string): void {
  const target = `${root}actions/${action}/dist`;
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.max(1, Math.min(cpus().length, queue.length)) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

/** Runs by one process at a time: the second one waits, and then mostly finds everything built. */
async function alone(work: () => Promise<void>): Promise<void> {
  const lock = `${root}.build/lock`;
  mkdirSync(`${root}.build`, { recursive: true });
  for (const until = performance.now() + longestMs; ; await delay(200)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (!existsSync(lock)) continue;
      if (!isAlive(Number(readFileSync(lock, 'utf8')))) rmSync(lock, { force: true });
      else if (performance.now() > until) throw error;
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const longestMs = 10 * 60_000;

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Emitted beside it and put in its place at once, with the functions that are there until they are built anew. */
async function build(): Promise<void> {
  // Always the same name: ncc numbers the parts of a bundle by their paths.
  const [fresh, old] = [`${root}.build/dist`, `${root}.build/old`];
  for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
  await run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', fresh]);
  // Beside a package.json of type module ncc makes ESM, which Node is slower to load (docs/figures.md, cold-start).
  writeFileSync(`${fresh}/actions/package.json`, '{}\n');
  await Promise.all([inParallel(bundledActions, (action) => bundle(fresh, action)), buildLambdas()]);
  for (const action of roleActions) copyBundle('coder', action);
  for (const part of ['lambdas', 'lambda-maps']) renameSync(`${root}dist/${part}`, `${fresh}/${part}`);
  renameSync(`${root}dist`, old);
  renameSync(fresh, `${root}dist`);
  rmSync(old, { recursive: true, force: true });
}

const onlyIfStale = process.argv.includes('--if-stale');
if (!onlyIfStale || isStale(sourcesFingerprint())) {
  await alone(async () => {
    const fingerprint = sourcesFingerprint();
    if (onlyIfStale && !isStale(fingerprint)) return;
    const start = performance.now();
    process.stderr.write('entropy-playground: building the actions and functions …\n');
    mkdirSync(`${root}dist`, { recursive: true });
    await build();
    writeFileSync(stampFile, fingerprint);
    process.stderr.write(`entropy-playground: built in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  });
}
