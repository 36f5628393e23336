import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  /** Program and arguments, with blanks between. */
  readonly command: string;
}

/** Everything that descends from a process, by the kernel's own table; nearest first. */
export function descendantsOf(root: number): readonly FoundProcess[] {
  const parents = new Map(processIds().map((pid) => [pid, parentOf(pid)]));
  const found: FoundProcess[] = [];
  for (let level = [root]; level.length > 0; ) {
    const children = [...parents].filter(([, parent]) => level.includes(parent)).map(([pid]) => pid);
    found.push(...children.map((pid) => ({ pid, command: commandOf(pid) })));
    level = children;
  }
  return found;
}

/** Processes of anybody's that work in a folder or name it: what a run that is over has left behind. */
export function processesAround(folder: string): readonly FoundProcess[] {
  return processIds()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, command: commandOf(pid), cwd: workingFolderOf(pid) }))
    .filter(({ command, cwd }) => command.includes(folder) || cwd.startsWith(folder));
}

function processIds(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function commandOf(pid: number): string {
  return unlessGone(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim(), '');
}

function parentOf(pid: number): number {
  const stat = unlessGone(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '');
  // The program's name, in brackets, may hold anything; what follows it may not.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? -1);
}

function workingFolderOf(pid: number): string {
  return unlessGone(() => readlinkSync(`/proc/${pid}/cwd`), '');
}

/** A process may end between two looks. */
function unlessGone<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    const gone =
      error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code));
    if (gone) return otherwise;
    throw error;
  }
}
