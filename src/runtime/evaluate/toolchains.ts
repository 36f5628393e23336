import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type IssueLanguage, issueLanguages } from '../../domain/evaluation/evaluation-issue.ts';
import { packageRoot } from '../package-root.ts';

export interface MissingToolchain {
  readonly language: IssueLanguage;
  readonly what: string;
  readonly fix: string;
}

export interface Toolchains {
  /** PATH for the runs and their sandboxes. */
  readonly path: string;
  /** Environment of the commands in the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  readonly missing: readonly MissingToolchain[];
}

export interface ToolchainRequest {
  readonly languages: ReadonlySet<IssueLanguage>;
  readonly hostPath: string;
  /** Absolute path; what Go compiles of its own library is kept there between evaluations. */
  readonly cacheDir: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What the languages of the issues need on this machine: all commands of a sandbox are found in PATH. */
export async function findToolchains(request: ToolchainRequest): Promise<Toolchains> {
  let found: Toolchains = { path: request.hostPath, env: {}, missing: [] };
  for (const language of issueLanguages.filter((each) => request.languages.has(each))) {
    const more = await find(language, { ...request, hostPath: found.path });
    found = { path: more.path, env: { ...found.env, ...more.env }, missing: [...found.missing, ...more.missing] };
  }
  return found;
}

function find(language: IssueLanguage, request: ToolchainRequest): Promise<Toolchains> | Toolchains {
  switch (language) {
    case 'typescript':
    case 'javascript':
      return findNode(language, request);
    case 'python':
      return findPython(request);
    case 'go':
      return findGo(request);
    default:
      return language satisfies never;
  }
}

/** The Node that we run on: the one in PATH may be older, and read no types. */
function findNode(language: IssueLanguage, { hostPath }: ToolchainRequest): Toolchains {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const own = path.dirname(process.execPath);
  const folders = hostPath.split(':').filter((folder) => folder !== own);
  const missing = { language, what: 'Node 22.18', fix: 'run this with Node 22.18 or later: https://nodejs.org' };
  const readsTypes = major > 22 || (major === 22 && minor >= 18);
  return { path: [own, ...folders].join(':'), env: {}, missing: readsTypes ? [] : [missing] };
}

async function findPython({ hostPath, signal }: ToolchainRequest): Promise<Toolchains> {
  const told = await output('python3', ['--version'], { PATH: hostPath }, signal);
  const [, minor = '0'] = /^Python 3\.(\d+)/.exec(told ?? '') ?? [];
  // What stands between us and the program (pyenv's shims) would be asked for each command.
  const program = await output('python3', ['-c', 'import sys; print(sys.executable)'], { PATH: hostPath }, signal);
  const missing = {
    language: 'python',
    what: 'Python 3.9',
    fix: 'install it: https://www.python.org/downloads',
  } as const;
  if (Number(minor) < 9 || program === undefined) return { path: hostPath, env: {}, missing: [missing] };
  const env = { PYTHONDONTWRITEBYTECODE: '1' };
  return { path: first(path.dirname(program.trim()), hostPath), env, missing: [] };
}

/** That of PATH, else the one that `scripts/install-go.ts` fetched by its checksum. */
async function findGo(request: ToolchainRequest): Promise<Toolchains> {
  const { hostPath, signal } = request;
  const installed = await installedGo();
  const withOurs = installed === undefined ? hostPath : `${hostPath}:${installed}`;
  const told = await output('go', ['env', 'GOVERSION', 'GOROOT'], { PATH: withOurs, ...offline }, signal);
  const [version = '', root = ''] = (told ?? '').trim().split('\n');
  const [, minor = '0'] = /^go1\.(\d+)/.exec(version) ?? [];
  if (Number(minor) < 22) {
    const fix = 'install it (https://go.dev/dl), or in a clone: node scripts/install-go.ts';
    return { path: hostPath, env: {}, missing: [{ language: 'go', what: 'Go 1.22', fix }] };
  }
  const bin = path.join(root, 'bin');
  const built = await builtLibrary(request, { version, bin });
  return {
    path: first(path.join(built, 'bin'), first(bin, hostPath)),
    env: { ...offline, GOCACHE: goCache },
    missing: [],
  };
}

/** In the sandbox, where it lasts as long as the sandbox. */
const goCache = '/tmp/go-build';

/** Nothing is fetched, nothing is written beside, and no other version of Go is looked for. */
const offline = {
  GOTOOLCHAIN: 'local',
  GOPROXY: 'off',
  GOFLAGS: '-buildvcs=false',
  GOTELEMETRY: 'off',
  CGO_ENABLED: '0',
} as const;

async function installedGo(): Promise<string | undefined> {
  const home = path.join(packageRoot(), '.cache', '_tool', 'go');
  const versions = await readdir(home).catch(() => []);
  const folders = versions.sort().flatMap((version) => path.join(home, version, process.arch, 'bin'));
  return folders.filter((folder) => existsSync(folder)).at(-1);
}

interface GoRoot {
  readonly version: string;
  readonly bin: string;
}

/**
 * Go's own library, compiled once: a sandbox without it would do that for half a minute before its first test. Its `go`
 * begins with a copy, for Go writes to its cache. The folder is named like those in which a runner keeps tools: a sandbox
 * shows such a one whole.
 */
async function builtLibrary(request: ToolchainRequest, { version, bin }: GoRoot): Promise<string> {
  const { cacheDir, hostPath, progress, signal } = request;
  // Its `go` names the one of this root.
  const root = createHash('sha256').update(bin).digest('hex').slice(0, 8);
  const place = path.join(cacheDir, '_tool', 'go-build', `${version}-${root}`, process.arch);
  if (existsSync(place)) return place;
  progress(`${version}: compiling its library, once`);
  await mkdir(path.dirname(place), { recursive: true });
  const fresh = await mkdtemp(`${place}.`);
  try {
    await mkdir(path.join(fresh, 'bin'));
    await writeFile(path.join(fresh, 'bin', 'go'), withCopy(path.join(place, 'cache'), path.join(bin, 'go')));
    await chmod(path.join(fresh, 'bin', 'go'), 0o755);
    const sample = path.join(fresh, 'sample');
    await mkdir(sample);
    await writeFile(path.join(sample, 'go.mod'), 'module sample\n\ngo 1.22\n');
    await writeFile(path.join(sample, 'sample_test.go'), sampleTest);
    const PATH = first(bin, hostPath);
    const env = { PATH, HOME: fresh, ...offline, GOCACHE: path.join(fresh, 'cache') };
    await promisify(execFile)('go', ['test', './...'], { cwd: sample, env, signal, timeout: 15 * 60_000 });
    await rm(sample, { recursive: true });
    // Another evaluation may have been faster; its folder is as good.
    await rename(fresh, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return place;
}

function withCopy(library: string, program: string): string {
  return `#!/bin/sh
if [ "$GOCACHE" = ${goCache} ] && [ ! -d ${goCache} ]; then
  cp -r ${shellWord(library)} "${goCache}.$$" && mv "${goCache}.$$" ${goCache}
fi
exec ${shellWord(program)} "$@"
`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Packages that small repositories use. */
const packages = `bufio bytes context encoding/csv encoding/json errors fmt io io/fs maps math os os/exec path/filepath
  reflect regexp slices sort strconv strings sync sync/atomic testing text/tabwriter time unicode unicode/utf8`.split(
  /\s+/,
);

const sampleTest = `package sample

import (
${packages.map((name) => `\t${name === 'testing' ? '' : '_ '}"${name}"`).join('\n')}
)

func TestNothing(t *testing.T) {}
`;

function first(folder: string, hostPath: string): string {
  return [folder, ...hostPath.split(':').filter((entry) => entry !== folder)].join(':');
}

/** Undefined when the program is not there or fails. */
async function output(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(program, [...args], { env, signal, timeout: 30_000 })).stdout;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
