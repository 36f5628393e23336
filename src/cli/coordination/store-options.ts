import type { Command } from 'commander';
import { EntropyError } from '../../domain/error.ts';
import type { ExitCode } from '../../domain/outcome.ts';
import { parseFullName, type RepositoryRef } from '../../domain/repository.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import { chooseStore, type StoreFlags } from '../../runtime/store-choice.ts';
import type { CliIo } from '../cli-io.ts';
import { jsonOption } from '../json-output.ts';
import { terminalLine } from '../terminal-text.ts';

/** Flags of every command that looks at the shared state. */
export interface RoomFlags extends StoreFlags {
  readonly repository?: string;
  readonly json?: string;
}

/** Last in the help of every such command, so that its own options come first. */
export function addStoreOptions(command: Command): Command {
  return addPlaceOptions(command).option(...jsonOption);
}

/** The same for a command whose stdout belongs to somebody else. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('-R, --repository <owner/repo>', "what bare numbers such as 42 belong to; this folder's when absent")
    .option('--coordinator <url>', 'ask this coordinator (ENTROPY_COORDINATOR_URL, key in ENTROPY_COORDINATOR_KEY)')
    .option('--state <file>', 'or this local store (ENTROPY_STATE_FILE); the default one when nothing is said')
    .option('--github <owner/repo>', 'or plain GitHub: claims in refs, issues as they are (GITHUB_TOKEN)');
}

/** Opens the store that the flags and the environment choose, works with it, and closes it whatever happens. */
export async function inRoom<Code extends number = ExitCode>(
  flags: RoomFlags,
  io: CliIo,
  work: (room: CoordinationRoom) => Promise<Code>,
): Promise<Code> {
  const { openCoordination } = await import('../../runtime/coordination.ts');
  const { environment, signal } = io;
  const log = (line: string): void => void io.stderr.write(`${io.paintErr.faint(terminalLine(line, 400))}\n`);
  await using room = await openCoordination(chooseStore(flags, io), { environment, signal, log });
  return await work(room);
}

/** The repository that is meant when nobody names one: `-R`, `--github`, the job's, or the remote of this folder. */
export async function repositoryOf(flags: RoomFlags, io: CliIo): Promise<RepositoryRef | undefined> {
  const said = flags.repository ?? flags.github;
  if (said !== undefined) {
    const repository = parseFullName(said);
    if (repository !== undefined) return repository;
    throw new EntropyError({ code: 'E100', message: `${said} is not owner/repo`, fix: 'write it as on GitHub' });
  }
  return io.environment.coordination.repository ?? (await remoteRepository(io));
}

async function remoteRepository({ cwd, environment, signal }: CliIo): Promise<RepositoryRef | undefined> {
  const { detectRepository } = await import('../../runtime/detect-repository.ts');
  const { hostPath, githubServerUrl } = environment;
  try {
    const { remote } = await detectRepository({ start: cwd, hostPath, githubServerUrl, signal });
    const location = remote?.location;
    return location?.kind === 'forge' ? parseFullName(`${location.owner}/${location.name}`) : undefined;
  } catch (error) {
    // Not in a repository: whoever needs one says how to name it.
    if (error instanceof EntropyError && error.code === 'E501') return undefined;
    throw error;
  }
}

/** What one repository's keys begin with; empty: all of them. Only `-R` narrows a list. */
export async function prefixOf(flags: RoomFlags, io: CliIo): Promise<string> {
  if (flags.repository === undefined) return '';
  const repository = await repositoryOf(flags, io);
  return repository === undefined ? '' : `github/${repository.owner}/${repository.name}/`.toLowerCase();
}
