import { runsCommands } from '../domain/sandbox-rung.ts';
import type { Task } from '../domain/task.ts';
import { whyNeverFresh } from '../domain/test-proof.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Workspace } from '../ports/workspace.ts';

export interface SetUpPlace {
  readonly task: Task;
  readonly sandbox: Sandbox | Promise<Sandbox>;
  readonly workspace: Workspace | Promise<Workspace>;
  readonly rooms?: ProofRooms;
}

/**
 * Remembers what set-up left, before any test runs: what code of the repository does to it while it is tested must not be lent
 * to the room in which a change is proven. Done only where there can be such a room.
 */
export async function markSetUp({ task, rooms, ...place }: SetUpPlace, signal: AbortSignal): Promise<void> {
  // Of a pull request that is verified the head is code to be tried, wherever it is from; the tester is who must not touch it.
  const measured = task.work === 'verification';
  const provable = task.work === 'change' && task.testCommand !== undefined && whyNeverFresh(task) === undefined;
  if (rooms === undefined || !(measured || provable)) return;
  const [sandbox, workspace] = await Promise.all([place.sandbox, place.workspace]);
  if (!runsCommands(sandbox.rung) || sandbox.rung === 'none') return;
  // Which files git knows must be told first; the agent's own work begins at a later mark, after the tests.
  await workspace.markStart(signal);
  await rooms.mark(signal);
}
