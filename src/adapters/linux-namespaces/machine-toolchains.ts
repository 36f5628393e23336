import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { SandboxMount } from '../../domain/sandbox-layout.ts';
import { type MachinePaths, toolchainMount, whyNeverMounted } from '../../domain/toolchain-paths.ts';

export interface Toolchains {
  readonly mounts: readonly SandboxMount[];
  /** PATH as the commands see it. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Programs that are often a symlink from a folder of PATH into their own root (`/usr/local/bin/node` into
 * `/opt/node-v24/bin`): the root has to be there too.
 */
const commonPrograms = `node npm npx corepack pnpm yarn bun deno python3 python pip3 ruby java mvn gradle go cargo rustc
  dotnet php git make cmake gcc`.split(/\s+/);

/** Looks at the folders of PATH on this machine and asks the rule what of them is shown. */
export function findToolchains(hostPath: string, machine: Omit<MachinePaths, 'namesIn'>): Toolchains {
  const facts: MachinePaths = { ...machine, namesIn };
  const mounts = new Map<string, SandboxMount>();
  const env: Record<string, string> = {};
  const path: string[] = [];

  const admit = (folder: string): string | undefined => {
    const decision = toolchainMount(folder, facts);
    switch (decision.kind) {
      case 'present':
        return folder;
      case 'workspace':
        return decision.path;
      case 'refused':
        return undefined;
      case 'mount': {
        for (const wanted of decision.paths) addMount(mounts, wanted, facts);
        for (const [name, root] of Object.entries(decision.env)) if (mounts.has(root)) env[name] = root;
        return folder;
      }
      default:
        return decision satisfies never;
    }
  };

  const folders = [...new Set(hostPath.split(':'))].filter((entry) => entry.startsWith('/')).flatMap(realFolder);
  for (const folder of folders) {
    const shown = admit(folder);
    if (shown !== undefined) path.push(shown);
  }
  for (const program of commonPrograms) {
    const folder = folders.find((candidate) => isThere(`${candidate}/${program}`));
    const real = folder === undefined ? undefined : realPath(`${folder}/${program}`);
    if (real !== undefined) admit(real.slice(0, real.lastIndexOf('/')) || '/');
  }
  const standard = ['/usr/local/bin', '/usr/bin', '/bin'];
  return { mounts: [...mounts.values()], path: [...new Set([...path, ...standard])].join(':'), env };
}

function addMount(mounts: Map<string, SandboxMount>, wanted: string, machine: MachinePaths): void {
  const source = realPath(wanted);
  if (source === undefined || whyNeverMounted(source, machine) !== undefined) return;
  const type = statSync(source).isDirectory() ? 'directory' : 'file';
  mounts.set(wanted, { kind: 'read-only', type, source, target: wanted });
}

function realFolder(path: string): readonly string[] {
  const real = realPath(path);
  return real !== undefined && statSync(real).isDirectory() ? [real] : [];
}

export function realPath(path: string): string | undefined {
  if (!isThere(path)) return undefined;
  try {
    return realpathSync.native(path);
  } catch {
    // Gone since, or a folder on the way that we may not read: nothing that could be shown.
    return undefined;
  }
}

/** Asked hundreds of times for what is mostly not there: an answer is far cheaper than an exception. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A loop of symlinks, or a folder on the way that we may not search.
    return false;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Not readable by us, so not readable inside either.
    return [];
  }
}
