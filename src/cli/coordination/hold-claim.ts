import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { EntropyError } from '../../domain/error.ts';
import { environmentWithout } from '../../runtime/config.ts';
import type { CliIo } from '../cli-io.ts';
import { readDuration } from '../moments.ts';
import { terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { ownClaim } from './own-claim.ts';
import { readKey, whoIsIt } from './references.ts';
import { inRoom, type RoomFlags } from './store-options.ts';

export interface HoldFlags extends RoomFlags {
  readonly as?: string;
  readonly lease?: string;
  readonly ttl?: string;
}

/** Short, so that the issue of a machine that died is free soon. */
export const defaultTtl = '90s';
/** From six seconds on there is room for a late answer between a renewal and the end of the lease. */
const ttls = { min: 6_000, max: 24 * 3_600_000 };

/** `claims hold`: a command runs while we keep its lease up. Its exit code is ours. */
export async function hold(what: string, command: readonly string[], flags: HoldFlags, io: CliIo): Promise<number> {
  const [file = '', ...args] = command;
  const ttlMs = readDuration('--ttl', flags.ttl ?? defaultTtl, ttls);
  const { actor } = whoIsIt(flags.as, io);
  const key = await readKey(what, flags, io);
  // Taken before the store is opened, which takes secrets out of our environment that the command may need.
  const env = environmentWithout(['ENTROPY_COORDINATOR_KEY']);
  const { holdClaim } = await import('../../runtime/hold-claim.ts');
  const log = (line: string): void => void io.stderr.write(`${io.paintErr.faint(terminalLine(line, 400))}\n`);

  // An interruption is the command's to obey, once it runs; until it has, the lease is kept up.
  const opened = new AbortController();
  const giveUp = (): void => opened.abort(io.signal.reason);
  io.signal.addEventListener('abort', giveUp, { once: true });
  if (io.signal.aborted) giveUp();
  try {
    return await inRoom<number>(flags, { ...io, signal: opened.signal }, async (room) => {
      const claim = await ownClaim(room, key, { actor, lease: flags.lease });
      io.signal.removeEventListener('abort', giveUp);
      const request = { claim, ttlMs, command: { file, args, cwd: io.cwd, env }, log, signal: io.signal };
      const end = await holdClaim(room, request);
      switch (end.kind) {
        case 'ended':
          return end.code;
        case 'not-started':
          throw usage(`${file} cannot be started: ${end.reason}`, 'the command stands behind --, the program first');
        case 'stopped':
          throw stopped(end.why, `${shortClaimName(key)} --lease ${claim.leaseId}`);
        default:
          return end satisfies never;
      }
    });
  } finally {
    io.signal.removeEventListener('abort', giveUp);
  }
}

function stopped({ code, message, cause }: EntropyError, claim: string): EntropyError {
  const fix =
    code === 'E105'
      ? `the command was ended, the claim is still yours; give it back: entropy-playground claims release ${claim}`
      : `the command was ended, publish nothing of it; see who has the claim now: entropy-playground claims check ${claim.split(' ')[0]}`;
  return new EntropyError({ code, message, fix, ...(cause !== undefined && { cause }) });
}
