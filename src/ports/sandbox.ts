import type { EgressReport } from '../domain/egress/egress-report.ts';
import type { ExceededResource } from '../domain/resource-use.ts';
import type { SandboxNetwork } from '../domain/sandbox-network.ts';
import type { SandboxRung } from '../domain/sandbox-rung.ts';

export interface SandboxCommand {
  /** Program and arguments; never joined into a shell line by us. */
  readonly argv: readonly [string, ...string[]];
  /** Bytes for standard input; closed at once when absent. */
  readonly stdin?: Uint8Array;
  /** Relative to the workspace root; the root when absent. */
  readonly cwd?: string;
  readonly timeoutMs: number;
  /** Bytes kept of each stream: the first half and the last half of this many. */
  readonly maxOutputBytes: number;
  /** Low when absent: whatever a command does, what watches it gets its turn. */
  readonly priority?: 'low' | 'normal';
  /**
   * Given by the file tools alone: what a fixed script of ours does with the workspace. A rung that runs no commands
   * runs these and lets them reach just that; any other command it refuses (E406).
   */
  readonly files?: FileAccess;
  /** Told of every piece of output as it comes, whole, whatever is kept of it in the end. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
}

export type FileAccess =
  | { readonly kind: 'read' }
  /** Makes or replaces this file, relative to the workspace root, and the folders on the way to it. */
  | { readonly kind: 'write'; readonly path: string };

export interface StreamCapture {
  /** Head and tail; when `omittedBytes` is above 0 they are not adjacent. */
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly omittedBytes: number;
}

export interface SandboxExit {
  /** null when the command was killed by a signal (its own or ours). */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** The bound that the whole process tree broke, and was ended for. */
  readonly exceeded?: ExceededResource;
  readonly stdout: StreamCapture;
  readonly stderr: StreamCapture;
  readonly durationMs: number;
}

/**
 * A closed room around one workspace. Every command is a new process tree that is gone when `run` returns: nothing
 * stays behind. Inside there is the workspace at `/ws` (its `.git` read-only), a private `/tmp` and home kept for the
 * run, the machine's toolchains read-only, no network but what was allowed, no credential, and no process of the outside.
 */
export interface Sandbox extends AsyncDisposable {
  readonly rung: SandboxRung;
  /** For people: `bubblewrap, offline`, `bubblewrap, network: registry.npmjs.org`. */
  readonly description: string;
  /** Where commands find what a pull request is measured against: `/base`, or its real path where nothing is mounted. */
  readonly base?: string;
  /** Where its commands went until now; only where hosts are allowed, and for the process that opened it. */
  readonly egress?: () => Promise<EgressReport>;
  /** Rejects with the signal's reason when aborted (the command is killed), or with E403 when it cannot start. */
  run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxExit>;
}

export interface SandboxLimits {
  /** Of one command, all its processes together. */
  readonly maxProcesses: number;
  readonly maxFileBytes: number;
  /** Of each process, enforced by the kernel; of all processes of a command together, watched. */
  readonly maxMemoryBytes: number;
  /** Of `/tmp` and of a home in memory, each; `/dev/shm` gets a quarter. */
  readonly tmpBytes: number;
  /** Free room that the disk of the workspace keeps; from what is free at the start when absent. */
  readonly minFreeDiskBytes?: number;
}

export interface SandboxOptions {
  /** Absolute path of the workspace on the machine. */
  readonly workspace: string;
  /** Absolute path of a second working copy, which commands can read at `/base` and never write; its `.git` is hidden. */
  readonly base?: string;
  /** What is reached beyond the sandbox's own loopback. */
  readonly network: SandboxNetwork;
  readonly limits: SandboxLimits;
  /** Environment of the commands; nothing else is inherited. PATH is given by the adapter from the toolchains. */
  readonly env: Readonly<Record<string, string>>;
  /** PATH of the outside, so that toolchains are found and bound read-only. */
  readonly hostPath: string;
  /**
   * Absolute path of a folder that becomes the home, so that what a set-up command installed there is still there for
   * the next sandbox. The caller removes it. When absent, the home is in memory and ends with the sandbox.
   */
  readonly home?: string;
}

export type SandboxAvailability =
  | { readonly kind: 'available'; readonly version: string }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string };

/** One rung of the ladder. */
export interface SandboxProvider<Opened extends Sandbox = Sandbox> {
  readonly rung: SandboxRung;
  probe(signal: AbortSignal): Promise<SandboxAvailability>;
  open(options: SandboxOptions): Promise<Opened>;
}

export const defaultSandboxLimits: SandboxLimits = {
  maxProcesses: 512,
  maxFileBytes: 1024 ** 3,
  maxMemoryBytes: 8 * 1024 ** 3,
  tmpBytes: 1024 ** 3,
};
