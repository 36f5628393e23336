import { type ClaimRecord, leaseOf } from '../domain/claim.ts';
import { EntropyError } from '../domain/error.ts';
import { withHeartbeat } from '../flows/heartbeat.ts';
import { type GroupCommand, type GroupEnd, runCommandGroup } from './command-group.ts';
import type { CoordinationRoom } from './coordination-room.ts';

export interface HoldRequest {
  /** As it was read; it must be ours. */
  readonly claim: ClaimRecord;
  readonly ttlMs: number;
  readonly command: GroupCommand;
  readonly log: (line: string) => void;
  /** Stops it before the command runs; from then on the command itself hears what interrupts us. */
  readonly signal: AbortSignal;
}

export type HoldEnd =
  | GroupEnd
  /** E105: somebody asked for it, the claim is still ours. E701: the claim is lost. The command is over in either case. */
  | { readonly kind: 'stopped'; readonly why: EntropyError };

/** Runs a command while the lease of a claim is kept up: a heartbeat by the process around an agent, never by its model. */
export async function holdClaim(room: CoordinationRoom, request: HoldRequest): Promise<HoldEnd> {
  const { claim, ttlMs, command, log, signal } = request;
  const { clock, store } = room;
  const askedAt = clock.monotonic();
  const lease = await store.claims.renew(leaseOf(claim), ttlMs);
  if (lease === undefined) return { kind: 'stopped', why: lost(claim) };
  const asked = await room.signOfLife(claim);
  if (asked !== undefined) return { kind: 'stopped', why: askedToStop(claim, asked) };
  signal.throwIfAborted();

  const { runId: id, owner: actor } = claim.holder;
  // Plain GitHub has no records of runs: nobody can ask one to stop there, and a look for it costs requests.
  const runs = room.kind === 'github' ? { change: async () => ({ kind: 'missing' }) as const } : store.runs;
  const never = new AbortController().signal;
  return withHeartbeat(
    { claims: store.claims, runs, clock, log },
    { lease, ttlMs, askedAt, run: { id, actor }, report: () => ({ steps: 0 }), signal: never },
    async (kept) => {
      const end = await runCommandGroup(command, clock, kept.signal);
      const { aborted, reason } = kept.signal;
      return aborted && reason instanceof EntropyError ? { kind: 'stopped', why: reason } : end;
    },
  );
}

function lost({ key }: ClaimRecord): EntropyError {
  return new EntropyError({
    code: 'E701',
    message: `the claim of ${key} was lost before the command began`,
    fix: 'see who has it: entropy-playground claims check',
  });
}

type Asked = NonNullable<Awaited<ReturnType<CoordinationRoom['signOfLife']>>>;

function askedToStop({ holder }: ClaimRecord, { by, reason }: Asked): EntropyError {
  return new EntropyError({
    code: 'E105',
    message: `run ${holder.runId} was asked to stop by ${by}: ${reason}`,
    fix: 'give its claim back: entropy-playground claims release',
  });
}
