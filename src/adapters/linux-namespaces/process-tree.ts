import { readdirSync, readFileSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import type { ResourceUse } from '../../domain/resource-use.ts';

/** All processes of one command, as they are seen from outside; `pid` is the program that we spawned for it. */
export interface ProcessTree {
  kill(pid: number): void;
  /** Their folders in a `/proc`; none when it is gone, and where a rung counts by other means. */
  processes(pid: number): readonly string[];
}

/** A process namespace of their own, whose first process is the only child of the program that we spawned. */
export const namespaceTree: ProcessTree = { kill: killNamespace, processes: processesOf };

/** The process group of the program that we spawned, for scripts of ours that start no other groups. */
export const groupTree: ProcessTree = { kill: (pid) => endProcess(-pid), processes: () => [] };

/**
 * The machine's number of process 1 of a command, the only child of the program that we spawned. Undefined until it is
 * there, and on kernels without CONFIG_PROC_CHILDREN.
 */
function firstChild(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children.split(' ')[0]);
  } catch {
    // Gone already, or a kernel that does not tell: the caller then ends the program that we spawned.
    return undefined;
  }
}

/**
 * Ends every process of a command. Killing its process 1 makes the kernel end the others before the program that we
 * spawned learns of it; killing that program instead would report the end while the others still die.
 */
function killNamespace(pid: number): void {
  endProcess(firstChild(pid) ?? pid);
}

function endProcess(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

function processesOf(pid: number): readonly string[] {
  const first = firstChild(pid);
  return first === undefined ? [] : processesBelow(first);
}

/** The folders of all processes in the `/proc` of the first one, which shows them and no others; none when it is gone. */
export function processesBelow(first: number): readonly string[] {
  const proc = `/proc/${first}/root/proc`;
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => `${proc}/${name}`);
  } catch {
    // It ended between two looks.
    return [];
  }
}

export async function measureTree(processes: readonly string[], disk: string): Promise<ResourceUse> {
  const [room, ...each] = await Promise.all([statfs(disk), ...processes.map(measureProcess)]);
  return {
    processes: each.reduce((sum, { threads }) => sum + threads, 0),
    residentBytes: each.reduce((sum, { bytes }) => sum + bytes, 0),
    freeDiskBytes: room.bavail * room.bsize,
  };
}

/**
 * Threads count as the kernel's own limit counts them; memory is what no file can give back, so that a library which
 * many processes map is not counted for each.
 */
async function measureProcess(folder: string): Promise<{ threads: number; bytes: number }> {
  // A process that ended since it was listed has no status and uses nothing.
  const status = await readFile(`${folder}/status`, 'utf8').catch(() => '');
  const kilobytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s*(\d+) kB/gm)].map((match) => Number(match[1]));
  return {
    threads: Number(/^Threads:\s*(\d+)/m.exec(status)?.[1] ?? 0),
    bytes: kilobytes.reduce((sum, size) => sum + size, 0) * 1024,
  };
}
