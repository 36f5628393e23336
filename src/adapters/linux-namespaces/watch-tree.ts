import { diskReserve, type ExceededResource, exceededResource } from '../../domain/resource-use.ts';
import type { SandboxLimits } from '../../ports/sandbox.ts';
import { measureTree, type ProcessTree } from './process-tree.ts';

/**
 * Processes are counted this often. For root the kernel enforces no limit on them, and moving each command into a
 * control group costs more than starting it; a fork bomb gets about a thousand processes far in this time.
 */
const countEveryMs = 20;
/** Every so many counts memory and disk are looked at too. */
const countsPerMeasure = 5;

export interface Watcher {
  /** The walls are up; until then the `/proc` that the command's process 1 sees is the machine's. */
  ready(): boolean;
  exceeded(resource: ExceededResource): void;
  failed(cause: unknown): void;
}

/** Looks after what no kernel limit covers: all processes of a command together, and the disk. Returns how to stop it. */
export function watchTree(
  pid: number | undefined,
  { limits, disk, tree }: { readonly limits: SandboxLimits; readonly disk: string; readonly tree: ProcessTree },
  watcher: Watcher,
): () => void {
  if (pid === undefined) return () => undefined;
  let { minFreeDiskBytes } = limits;
  let counts = 0;
  let measuring = false;
  const measure = async (processes: readonly string[]): Promise<void> => {
    const use = await measureTree(processes, disk);
    minFreeDiskBytes ??= diskReserve(use.freeDiskBytes);
    const broken = exceededResource(use, { ...limits, minFreeDiskBytes });
    if (broken !== undefined) watcher.exceeded(broken);
  };
  const timer = setInterval(() => {
    if (!watcher.ready()) return;
    counts += 1;
    const processes = tree.processes(pid);
    if (processes.length > limits.maxProcesses) return watcher.exceeded('processes');
    if (measuring || counts % countsPerMeasure !== 0) return;
    measuring = true;
    measure(processes)
      .catch(watcher.failed)
      .finally(() => {
        measuring = false;
      });
  }, countEveryMs);
  return () => clearInterval(timer);
}
