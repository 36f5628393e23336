/** What one command's process tree uses at one moment, and how much room its disk has left. */
export interface ResourceUse {
  readonly processes: number;
  readonly residentBytes: number;
  readonly freeDiskBytes: number;
}

export interface ResourceBounds {
  readonly maxProcesses: number;
  readonly maxMemoryBytes: number;
  /** The disk of the workspace may not fall below this. */
  readonly minFreeDiskBytes: number;
}

export type ExceededResource = 'processes' | 'memory' | 'disk';

/** The first bound that is broken; undefined while all hold. */
export function exceededResource(use: ResourceUse, bounds: ResourceBounds): ExceededResource | undefined {
  if (use.processes > bounds.maxProcesses) return 'processes';
  if (use.residentBytes > bounds.maxMemoryBytes) return 'memory';
  if (use.freeDiskBytes < bounds.minFreeDiskBytes) return 'disk';
  return undefined;
}

const reserve = 1024 ** 3;

/**
 * How much of the disk a command must leave alone, from what is free when it starts: 1 GiB, so that the machine and
 * the rest of the job keep working; on a disk that is nearly full already, half of what is left.
 */
export function diskReserve(freeDiskBytes: number): number {
  return Math.min(reserve, Math.floor(freeDiskBytes / 2));
}

/** For people, in the text that a command's output ends with. */
export function describeExceeded(resource: ExceededResource): string {
  switch (resource) {
    case 'processes':
      return 'it had more processes than the limit allows';
    case 'memory':
      return 'it used more memory than the limit allows';
    case 'disk':
      return 'it was about to fill the disk';
    default:
      return resource satisfies never;
  }
}
