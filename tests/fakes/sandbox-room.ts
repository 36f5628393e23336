import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runsCommands } from '../../src/domain/sandbox-rung.ts';
import {
  defaultSandboxLimits,
  type Sandbox,
  type SandboxCommand,
  type SandboxExit,
  type SandboxLimits,
  type SandboxOptions,
  type SandboxProvider,
} from '../../src/ports/sandbox.ts';
import { type RealRepository, realRepository } from './real-repository.ts';

export const never = new AbortController().signal;

export interface SaidExit extends Omit<SandboxExit, 'stdout' | 'stderr'> {
  readonly stdout: string;
  readonly stderr: string;
}

/** An open sandbox over a real repository, with the questions that tests ask. */
export interface SandboxRoom extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly repository: RealRepository;
  /** A line of shell, what it said as text. */
  sh(line: string, more?: Partial<SandboxCommand>): Promise<SaidExit>;
}

export interface RoomOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly limits?: Partial<SandboxLimits>;
  readonly options?: Partial<SandboxOptions>;
  /** Changes the repository before the sandbox is opened over it. */
  readonly prepare?: (repository: RealRepository) => void;
}

export async function openRoom(provider: SandboxProvider, wanted: RoomOptions = {}): Promise<SandboxRoom> {
  const repository = realRepository(wanted.files ?? { 'README.md': '# sample\n' });
  try {
    wanted.prepare?.(repository);
    const sandbox = await provider.open({
      workspace: repository.root,
      network: { kind: 'none' },
      limits: { ...defaultSandboxLimits, ...wanted.limits },
      env: {},
      hostPath: process.env['PATH'] ?? '',
      ...wanted.options,
    });
    return {
      sandbox,
      repository,
      // Where only file tools are let through, as one of them.
      sh: async (line, more = {}) =>
        said(
          await sandbox.run(
            shell(line, runsCommands(provider.rung) ? more : { files: { kind: 'read' }, ...more }),
            never,
          ),
        ),
      async [Symbol.asyncDispose]() {
        await sandbox[Symbol.asyncDispose]();
        repository[Symbol.dispose]();
      },
    };
  } catch (error) {
    repository[Symbol.dispose]();
    throw error;
  }
}

export function shell(line: string, more: Partial<SandboxCommand> = {}): SandboxCommand {
  return { argv: ['/bin/sh', '-c', line], timeoutMs: 20_000, maxOutputBytes: 65_536, ...more };
}

export function said(exit: SandboxExit): SaidExit {
  const text = (stream: SandboxExit['stdout']): string => Buffer.concat([stream.head, stream.tail]).toString();
  return { ...exit, stdout: text(exit.stdout), stderr: text(exit.stderr) };
}

/** Processes of this machine that have these words in their arguments. */
export function processesWith(words: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readIfThere(path.join('/proc', pid, 'cmdline')).includes(words))
    .map(Number);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process ended while we looked.
    return '';
  }
}
