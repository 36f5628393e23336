import { clockSkewMs, type Lease, leaseText } from '../domain/claim.ts';
import type { Amounts } from '../domain/coordination/amounts.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';

/** Short, so that a dead agent's issue is free soon; kept up by the process around the agent, never by the model. */
export const heartbeatTtlMs = 90_000;

export interface HeartbeatBooks {
  readonly claims: Pick<ClaimStore, 'renew'>;
  readonly runs: Pick<RunStore, 'change'>;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

export interface WorkReport {
  /** Absent, as is `spent`: not known here; what the run's record says stays. */
  readonly progress?: RunRecord['progress'];
  readonly spent?: Amounts;
  /** Grows when the work gets further; staying alive alone is not progress. */
  readonly steps: number;
}

export interface HeartbeatRequest {
  readonly lease: Lease;
  readonly ttlMs: number;
  /** `clock.monotonic()` just before the request was sent that granted the lease. */
  readonly askedAt: number;
  /** Whose record tells of life, progress and spending, and carries the request to stop. */
  readonly run: { readonly id: string; readonly actor: string };
  readonly report: () => WorkReport;
  readonly signal: AbortSignal;
}

export interface KeptLease {
  /** Aborted when the work must end. E105: somebody asked for it, the claim is still held, save what there is. E701: the
   *  claim is lost or nobody can tell any more; nothing may be written. */
  readonly signal: AbortSignal;
  lease(): Lease;
}

/**
 * Does the work while the lease is renewed at a third of its length. Time is measured on our own monotonic clock from
 * before each request was sent: the store counts from a later moment, so we always stop first. An unreachable store is
 * asked again until the lease is over; then the work is stopped, for somebody else may begin it.
 */
export async function withHeartbeat<Value>(
  books: HeartbeatBooks,
  request: HeartbeatRequest,
  work: (kept: KeptLease) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const over = new AbortController();
  let lease = request.lease;
  const beating = beat(books, request, {
    over: over.signal,
    renewed: (renewed) => {
      lease = renewed;
    },
    stop: (reason) => stop.abort(reason),
  });
  try {
    return await work({ signal: AbortSignal.any([request.signal, stop.signal]), lease: () => lease });
  } finally {
    over.abort();
    await beating;
  }
}

interface Reins {
  /** The work has ended. */
  readonly over: AbortSignal;
  renewed(lease: Lease): void;
  stop(reason: EntropyError): void;
}

async function beat(books: HeartbeatBooks, request: HeartbeatRequest, reins: Reins): Promise<void> {
  const { clock, log } = books;
  const { ttlMs } = request;
  let { lease, askedAt } = request;
  let safeUntil = askedAt + ttlMs - clockSkewMs;
  let next = askedAt + ttlMs / 3;
  let failures = 0;
  let lastFault: unknown;
  let steps = request.report().steps;

  for (;;) {
    if (!(await sleepUntil(clock, Math.min(next, safeUntil), reins.over))) return;
    if (clock.monotonic() >= safeUntil) return reins.stop(leaseOver(lease, lastFault));

    askedAt = clock.monotonic();
    const report = request.report();
    const progressed = report.steps > steps;
    const answer = await within(clock, safeUntil, reins.over, () => books.claims.renew(lease, ttlMs, progressed));
    switch (answer.kind) {
      case 'left':
        return;
      case 'late':
        return reins.stop(leaseOver(lease, lastFault));
      case 'fault':
        failures += 1;
        lastFault = answer.fault;
        next = clock.monotonic() + Math.min(ttlMs / 9, 1_000 * 2 ** (failures - 1));
        log(`the lease of ${leaseText(lease)} was not renewed, asking again: ${describeError(answer.fault)}`);
        continue;
      case 'value':
        break;
      default:
        answer satisfies never;
    }
    if (answer.value === undefined) return reins.stop(claimLost(lease));
    lease = answer.value;
    reins.renewed(lease);
    steps = report.steps;
    failures = 0;
    lastFault = undefined;
    safeUntil = askedAt + ttlMs - clockSkewMs;
    next = askedAt + ttlMs / 3;

    const told = await within(clock, safeUntil, reins.over, () => tell(books, request, report, progressed));
    if (told.kind === 'left') return;
    if (told.kind === 'fault') log(`the progress of run ${request.run.id} was not told: ${describeError(told.fault)}`);
    // The claim is still ours: it is kept up while the work is being saved.
    if (told.kind === 'value' && told.value !== undefined) reins.stop(told.value);
  }
}

/** The error to stop with, when somebody asked for it. */
async function tell(
  { runs, clock }: HeartbeatBooks,
  { run }: HeartbeatRequest,
  { progress, spent }: WorkReport,
  progressed: boolean,
): Promise<EntropyError | undefined> {
  const now = clock.now();
  const facts = {
    heartbeatAt: now,
    ...(progress && { progress }),
    ...(spent && { spent }),
    ...(progressed && { progressAt: now }),
  };
  const change = await runs.change(run.id, { facts, actor: run.actor });
  const asked = change.kind === 'missing' ? undefined : change.run.stopRequested;
  if (asked === undefined) return undefined;
  return new EntropyError({
    code: 'E105',
    message: `run ${run.id} was asked to stop by ${asked.by}: ${asked.reason}`,
    fix: 'what is done so far is saved; comment /agent fix to start anew',
  });
}

type Within<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'fault'; readonly fault: unknown }
  | { readonly kind: 'late' }
  | { readonly kind: 'left' };

/** The answer, or that it did not come until then, or that nobody waits for it any more. */
async function within<Value>(
  clock: Clock,
  until: number,
  over: AbortSignal,
  ask: () => Promise<Value>,
): Promise<Within<Value>> {
  const answered = new AbortController();
  const answer = ask().then(
    (value) => ({ kind: 'value', value }) as const,
    (fault: unknown) => ({ kind: 'fault', fault }) as const,
  );
  const late = sleepUntil(clock, until, AbortSignal.any([over, answered.signal])).then(
    (woke) => ({ kind: woke ? 'late' : 'left' }) as const,
  );
  const first = await Promise.race([answer, late]);
  answered.abort();
  return over.aborted && first.kind !== 'value' ? { kind: 'left' } : first;
}

/** False when the signal came first. */
async function sleepUntil(clock: Clock, until: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(Math.max(0, until - clock.monotonic()), signal);
    return true;
  } catch (error) {
    if (!signal.aborted) throw error;
    return false;
  }
}

function claimLost(lease: Lease): EntropyError {
  return new EntropyError({
    code: 'E701',
    message: `the claim ${leaseText(lease)} is lost: it was released, taken over, or ran out and somebody else has it`,
    fix: 'nothing more is written; entropy-playground claims check shows who has it now',
  });
}

function leaseOver(lease: Lease, cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E701',
    message: `the lease of ${leaseText(lease)} is over: it could not be renewed in time`,
    fix: 'nothing more is written; start the work again when the coordinator can be reached',
    ...(cause !== undefined && { cause }),
  });
}
