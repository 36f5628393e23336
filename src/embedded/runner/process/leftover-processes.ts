import { readdirSync, readFileSync } from 'node:fs';
import { isGone } from './run-process.ts';

export interface LeftoverSearch {
  /** Value of `RUNNER_TRACKING_ID` that every process of the job was started with. */
  readonly trackingId: string;
  /** Ids of the processes that were started for steps; each led a session of its own, and all of them have ended. */
  readonly sessions: readonly number[];
}

/**
 * Ends what a job left running, as GitHub's runner does when a job completes: whatever carries the job's tracking id
 * or still belongs to the session of one of its steps (which also finds those that were given a clean environment).
 * Returns how many there were.
 */
export function endLeftoverProcesses(search: LeftoverSearch): number {
  const found = process.platform === 'linux' ? findOnLinux(search) : search.sessions.map((id) => -id);
  return found.filter(killed).length;
}

function findOnLinux(search: LeftoverSearch): readonly number[] {
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => id !== process.pid);
  const alive = new Set(running);
  // An id that is alive again was given to somebody else's process meanwhile.
  const sessions = new Set(search.sessions.filter((id) => !alive.has(id)));
  const mark = `RUNNER_TRACKING_ID=${search.trackingId}`;
  return running.filter((id) => sessions.has(sessionOf(id)) || readProc(id, 'environ').split('\0').includes(mark));
}

/** The sixth field of `stat`; the second is the program's name in brackets and may hold anything. */
function sessionOf(id: number): number {
  const stat = readProc(id, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3] ?? -1);
}

/** Empty for a process that has ended meanwhile or belongs to somebody else. */
function readProc(id: number, file: 'stat' | 'environ'): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'latin1');
  } catch (error) {
    const unreadable =
      error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code));
    if (unreadable) return '';
    throw error;
  }
}

function killed(id: number): boolean {
  try {
    process.kill(id, 'SIGKILL');
    return true;
  } catch (error) {
    // One that changed its user (sudo) is beyond our reach, as it is beyond the runner's.
    const beyondReach = error instanceof Error && 'code' in error && error.code === 'EPERM';
    if (isGone(error) || beyondReach) return false;
    throw error;
  }
}
