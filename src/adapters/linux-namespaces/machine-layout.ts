import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { egressCertificate, egressEnvironment } from '../../domain/egress/egress-environment.ts';
import { EntropyError } from '../../domain/error.ts';
import { withoutCredentials } from '../../domain/git-config.ts';
import {
  baseEnvironment,
  baseVariable,
  etcPaths,
  generatedEtc,
  guardedProc,
  inside,
  isCredentialFile,
  rootFolders,
  type SandboxMount,
  wholeFolders,
} from '../../domain/sandbox-layout.ts';
import type { SandboxOptions } from '../../ports/sandbox.ts';
import { findToolchains, realPath } from './machine-toolchains.ts';

/** What a sandbox shows of this machine, in the order in which it has to be mounted. */
export interface MachineLayout {
  readonly workspace: string;
  readonly system: readonly SandboxMount[];
  readonly own: readonly SandboxMount[];
  readonly env: Readonly<Record<string, string>>;
  /** Paths of `/proc` that exist here and are guarded. */
  readonly proc: { readonly readOnly: readonly string[]; readonly hidden: readonly string[] };
}

/** Looks once, when a sandbox is opened; `folder` is ours alone and holds the generated files. */
export function layOut(options: SandboxOptions, folder: string): MachineLayout {
  const workspace = realFolderOf(options.workspace);
  const toolchains = findToolchains(options.hostPath, { homes: homesOfUser(), workspace });
  // Only for root is anything of it writable; to others the kernel refuses it by the files' own modes.
  const inProc = new Set(process.geteuid?.() === 0 ? readdirSync('/proc') : []);
  return {
    workspace,
    system: [
      ...rootFolders.flatMap(rootFolder),
      ...wholeFolders.flatMap(existing),
      ...toolchains.mounts,
      ...etcMounts(options, folder),
    ],
    own: [...workspaceMounts(workspace, folder), ...baseMounts(options, folder)],
    env: checkedEnvironment({
      ...baseEnvironment(toolchains.path),
      ...toolchains.env,
      ...(options.network.kind === 'allowed' && options.network.hosts.length > 0 ? egressEnvironment : {}),
      ...(options.base === undefined ? {} : { [baseVariable]: inside.base }),
      ...options.env,
      PATH: toolchains.path,
    }),
    proc: {
      readOnly: guardedProc.readOnly.filter((name) => inProc.has(name)).map((name) => `/proc/${name}`),
      hidden: guardedProc.hidden.filter((name) => inProc.has(name)).map((name) => `/proc/${name}`),
    },
  };
}

function homesOfUser(): readonly string[] {
  const homes = [homedir()];
  try {
    homes.push(userInfo().homedir);
  } catch {
    // A user without an entry in the system's list, as containers have: HOME is all there is.
  }
  return [...new Set(homes.map((home) => realPath(home) ?? home).filter((home) => home !== '/'))];
}

export function realFolderOf(path: string): string {
  const real = realPath(path);
  if (real !== undefined && real !== '/' && statSync(real).isDirectory()) return real;
  throw new EntropyError({
    code: 'E403',
    message: `the workspace ${path} is not a folder`,
    fix: 'name a folder that holds the checked-out repository',
  });
}

function rootFolder(path: string): readonly SandboxMount[] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return [];
  return status.isSymbolicLink() ? [{ kind: 'link', to: readlinkSync(path), target: path }] : existing(path);
}

function existing(target: string): readonly SandboxMount[] {
  const source = realPath(target);
  return source === undefined ? [] : [{ kind: 'read-only', type: typeOf(source), source, target }];
}

function typeOf(path: string): 'directory' | 'file' {
  return statSync(path).isDirectory() ? 'directory' : 'file';
}

/**
 * One folder for `/etc`: files are copied into it, since every mount is paid for by every command; folders are bound on
 * top.
 */
function etcMounts({ network }: SandboxOptions, folder: string): readonly SandboxMount[] {
  const etc = join(folder, 'etc');
  mkdirSync(etc);
  // Filled when the way out is opened, which has to wait for the sandbox's network.
  if (network.kind === 'allowed') mkdirSync(dirname(join(folder, egressCertificate)));
  const bound = etcPaths.flatMap((name): readonly SandboxMount[] => {
    const source = realPath(`/etc/${name}`);
    if (source === undefined) return [];
    const type = typeOf(source);
    mkdirSync(join(etc, type === 'directory' ? name : dirname(name)), { recursive: true });
    if (type === 'directory') return [{ kind: 'read-only', type, source, target: `/etc/${name}` }];
    copyFileSync(source, join(etc, name));
    return [];
  });
  for (const [name, text] of Object.entries(generatedEtc(network))) writeFileSync(join(etc, name), text);
  const online = network.kind === 'open' ? ['resolv.conf', 'hosts'] : [];
  for (const name of online) if (realPath(`/etc/${name}`) !== undefined) copyFileSync(`/etc/${name}`, join(etc, name));
  return [{ kind: 'read-only', type: 'directory', source: etc, target: '/etc' }, ...bound];
}

/** The workspace itself, its `.git` read-only and without the tokens that checkouts keep there. */
function workspaceMounts(workspace: string, folder: string): readonly SandboxMount[] {
  const { workspace: target } = inside;
  const mounts: SandboxMount[] = [{ kind: 'writable', type: 'directory', source: workspace, target }];
  for (const name of readdirSync(workspace).filter(isCredentialFile)) {
    mounts.push({ kind: 'read-only', type: 'file', source: '/dev/null', target: `${target}/${name}` });
  }
  const git = join(workspace, '.git');
  const status = lstatSync(git, { throwIfNoEntry: false });
  if (status === undefined) return mounts;
  if (status.isSymbolicLink()) throw linkedGit(git);
  mounts.push({ kind: 'read-only', type: typeOf(git), source: git, target: `${target}/.git` });
  if (status.isDirectory()) mounts.push(...cleanConfigs(git, folder));
  return mounts;
}

/** The second working copy. Nobody needs its git data, which may hold a token. */
function baseMounts({ base }: SandboxOptions, folder: string): readonly SandboxMount[] {
  if (base === undefined) return [];
  const source = realFolderOf(base);
  const mounts: SandboxMount[] = [{ kind: 'read-only', type: 'directory', source, target: inside.base }];
  for (const name of readdirSync(source).filter(isCredentialFile)) {
    mounts.push({ kind: 'read-only', type: 'file', source: '/dev/null', target: `${inside.base}/${name}` });
  }
  const git = lstatSync(join(source, '.git'), { throwIfNoEntry: false });
  if (git === undefined) return mounts;
  if (git.isSymbolicLink()) throw linkedGit(join(source, '.git'));
  const nothing = join(folder, 'no-git');
  mkdirSync(nothing);
  const target = `${inside.base}/.git`;
  return [
    ...mounts,
    git.isDirectory()
      ? { kind: 'read-only', type: 'directory', source: nothing, target }
      : { kind: 'read-only', type: 'file', source: '/dev/null', target },
  ];
}

function linkedGit(path: string): EntropyError {
  return new EntropyError({
    code: 'E403',
    message: `${path} is a symlink, which cannot be kept read-only`,
    fix: 'clone the repository afresh, so that .git is a folder of its own',
  });
}

/** A clean copy over every configuration file of the repository and of its submodules. */
function cleanConfigs(git: string, folder: string): readonly SandboxMount[] {
  const candidates = ['', ...submodules(join(git, 'modules'), 'modules')].flatMap((part) =>
    ['config', 'config.worktree'].map((name) => join(part, name)),
  );
  return candidates.flatMap((path, index): readonly SandboxMount[] => {
    const status = lstatSync(join(git, path), { throwIfNoEntry: false });
    if (status?.isFile() !== true) return [];
    const source = join(folder, `git-config-${index}`);
    writeFileSync(source, withoutCredentials(readFileSync(join(git, path), 'utf8')));
    return [{ kind: 'read-only', type: 'file', source, target: `${inside.workspace}/.git/${path}` }];
  });
}

/** Folders below `.git/modules` that are git directories; a submodule's name may have slashes in it. */
function submodules(directory: string, prefix: string): readonly string[] {
  if (prefix.split('/').length > 8 || lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'objects' && entry.name !== 'refs')
    .flatMap((entry) => {
      const path = join(prefix, entry.name);
      return [path, ...submodules(join(directory, entry.name), path)];
    });
}

function checkedEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const wrong = Object.entries(env).find(([name, value]) => !/^[A-Za-z_]\w*$/.test(name) || value.includes('\0'));
  if (wrong === undefined) return env;
  throw new EntropyError({
    code: 'E101',
    message: `"${wrong[0]}" cannot be a variable of the sandbox`,
    fix: 'use letters, digits and underscores for the name, and no NUL in the value',
  });
}
