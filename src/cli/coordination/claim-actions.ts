import { type ClaimKey, type ClaimRecord, leaseOf } from '../../domain/claim.ts';
import { nothing } from '../../domain/coordination/amounts.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import type { RunEnd } from '../../domain/coordination/task-after-run.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes, outcomes } from '../../domain/outcome.ts';
import { parseUsd, parseWhole } from '../../domain/quantity.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { readDuration } from '../moments.ts';
import { claimView, heldBySomebodyElse, holderText, notHeld } from './claim-view.ts';
import { readKey, whoIsIt } from './references.ts';
import { inRoom, type RoomFlags } from './store-options.ts';

export interface ClaimFlags extends RoomFlags {
  readonly as?: string;
  readonly for?: string;
  readonly agent?: boolean;
  readonly reason?: string;
  readonly fence?: string;
  readonly lease?: string;
  readonly outcome?: string;
  readonly pullRequest?: string;
  readonly costUsd?: string;
}

const actionFields = ['schema', 'action', 'store', 'claim', 'from'] as const;
const durations = { min: 1_000, max: 40 * 86_400_000 };
const defaultTtl = '30m';

interface Told {
  readonly action: 'taken' | 'released' | 'already-released' | 'extended' | 'taken-over' | 'free' | 'held';
  readonly room: CoordinationRoom;
  readonly claim: ClaimRecord | undefined;
  readonly from?: ClaimRecord;
  readonly text: string;
}

function tell({ action, room, claim, from, text }: Told, flags: ClaimFlags, io: CliIo): void {
  const now = room.clock.now();
  if (flags.json === undefined) {
    io.stdout.write(`${text}\n`);
    return;
  }
  const view = claim === undefined ? null : claimView(claim, now);
  const object = { schema: 1, action, store: room.place, claim: view, ...(from !== undefined && { from }) };
  io.stdout.write(jsonText(object, flags.json));
}

export async function take(what: string, flags: ClaimFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, actionFields);
  const { actor } = whoIsIt(flags.as, io);
  const key = await readKey(what, flags, io);
  const kind = flags.agent === true ? 'agent' : 'human';
  const ttlMs = readDuration('--for', flags.for ?? defaultTtl, durations);
  return inRoom(flags, io, async (room) => {
    const id = room.newId();
    const result = await room.store.claims.acquire({
      key,
      holder: { owner: actor, runId: id, kind, reason: flags.reason ?? 'taken on the command line' },
      leaseId: id,
      ttlMs,
      holderIsDead: room.holderIsDead,
    });
    if (result.kind === 'over-budget') throw new Error('a claim without a reservation cannot be over a budget');
    if (result.kind === 'refused') throw heldBySomebodyElse(result.record, room.clock.now());
    const claim = await room.store.claims.read(key);
    const until = kind === 'human' ? 'until you release it' : `for ${flags.for ?? defaultTtl}`;
    const text = `${io.paintOut.good('✔')} ${shortClaimName(key)} is yours ${until}, fence ${result.lease.fence}`;
    tell({ action: 'taken', room, claim, text, ...(result.stolenFrom && { from: result.stolenFrom }) }, flags, io);
    return exitCodes.ok;
  });
}

export async function release(what: string, flags: ClaimFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, actionFields);
  const { actor } = whoIsIt(flags.as, io);
  const key = await readKey(what, flags, io);
  const end = readEnd(flags);
  return inRoom(flags, io, async (room) => {
    const held = await ownClaim(room, key, flags, io);
    const action = await room.giveBack({ claim: held, actor, ...(end !== undefined && { end }) });
    const claim = await room.store.claims.read(key);
    if (action === 'not-mine') throw lostMeanwhile(claim, key, room);
    const text = `${io.paintOut.good('✔')} ${shortClaimName(key)} is free`;
    tell({ action, room, claim, text }, flags, io);
    return exitCodes.ok;
  });
}

export async function extend(what: string, flags: ClaimFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, actionFields);
  const key = await readKey(what, flags, io);
  const length = flags.for ?? defaultTtl;
  const ttlMs = readDuration('--for', length, durations);
  return inRoom(flags, io, async (room) => {
    const renewed = await room.store.claims.renew(leaseOf(await ownClaim(room, key, flags, io)), ttlMs);
    const claim = await room.store.claims.read(key);
    if (renewed === undefined) throw lostMeanwhile(claim, key, room);
    const text = `${io.paintOut.good('✔')} ${shortClaimName(key)} is yours for ${length} from now, fence ${renewed.fence}`;
    tell({ action: 'extended', room, claim, text }, flags, io);
    return exitCodes.ok;
  });
}

export async function check(what: string, flags: ClaimFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, actionFields);
  const { actor } = whoIsIt(flags.as, io);
  const key = await readKey(what, flags, io);
  const fence = readFence(flags);
  return inRoom(flags, io, async (room) => {
    const claim = await room.store.claims.read(key);
    const now = room.clock.now();
    const held = claim?.state === 'held' ? claim : undefined;
    const name = shortClaimName(key);
    const text = held === undefined ? `${name} is free` : `${name} is held by ${holderText(held, now)}`;
    tell({ action: held === undefined ? 'free' : 'held', room, claim, text }, flags, io);
    // With a fence the question is whether that grant still counts; without one, whether one may begin.
    if (fence !== undefined) return held?.fence === fence ? exitCodes.ok : exitCodes.pending;
    return held === undefined || held.holder.owner === actor ? exitCodes.ok : exitCodes.pending;
  });
}

export async function takeOver(what: string, flags: ClaimFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, actionFields);
  const { actor } = whoIsIt(flags.as, io);
  const key = await readKey(what, flags, io);
  const fence = readFence(flags);
  return inRoom(flags, io, async (room) => {
    const reason = flags.reason ?? 'taken over on the command line';
    const result = await room.takeOver({ key, actor, reason, ...(fence !== undefined && { expectedFence: fence }) });
    if (result.kind === 'refused') throw movedOn(result.record, fence, room.clock.now());
    const claim = await room.store.claims.read(key);
    const from = result.takenFrom;
    const was = from === undefined ? 'it was free' : `${from.holder.owner} can write no more`;
    const text = `${io.paintOut.good('✔')} ${shortClaimName(key)} is yours until you release it, fence ${result.lease.fence}; ${was}`;
    tell({ action: 'taken-over', room, claim, text, ...(from && { from }) }, flags, io);
    return exitCodes.ok;
  });
}

/** The claim of the lease that was named, or the one under our own name; somebody else's is E700. */
async function ownClaim(room: CoordinationRoom, key: ClaimKey, flags: ClaimFlags, io: CliIo): Promise<ClaimRecord> {
  const record = await room.store.claims.read(key);
  if (record?.state !== 'held') throw notHeld(record, key);
  const { actor } = whoIsIt(flags.as, io);
  const mine = flags.lease === undefined ? record.holder.owner === actor : record.leaseId === flags.lease;
  if (!mine) throw heldBySomebodyElse(record, room.clock.now());
  return record;
}

/** How the work ended, when `--outcome` says so. */
function readEnd({ outcome, reason, pullRequest, costUsd }: ClaimFlags): RunEnd | undefined {
  const known = outcomes.find((name) => name === outcome?.replaceAll('-', '_'));
  if (outcome !== undefined && known === undefined) {
    throw usage(`--outcome ${outcome} is none`, `choose one of ${outcomes.join(', ')}`);
  }
  const rest = pullRequest ?? costUsd;
  if (known === undefined && rest !== undefined) {
    throw usage('--pull-request and --cost-usd tell how the work ended', 'add --outcome succeeded');
  }
  if (known === undefined) return undefined;
  const pull = pullRequest === undefined ? undefined : parseWhole(pullRequest, 1);
  if (pullRequest !== undefined && pull === undefined) throw usage('--pull-request is not a number', 'write 12');
  const microUsd = costUsd === undefined ? 0 : parseUsd(costUsd);
  if (microUsd === undefined) throw usage(`--cost-usd ${costUsd} is not an amount`, 'write it as 2 or 0.50');
  return {
    outcome: known,
    reason: reason ?? known.replace('_', ' '),
    spent: { ...nothing, microUsd },
    ...(pull !== undefined && { pullRequest: pull }),
  };
}

function readFence({ fence }: ClaimFlags): number | undefined {
  if (fence === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(fence)) return Number(fence);
  throw usage(`--fence ${fence} is not a number`, 'claims list shows it');
}

function usage(message: string, fix: string): EntropyError {
  return new EntropyError({ code: 'E100', message, fix });
}

function lostMeanwhile(record: ClaimRecord | undefined, key: ClaimKey, room: CoordinationRoom): EntropyError {
  return record?.state === 'held' ? heldBySomebodyElse(record, room.clock.now()) : notHeld(record, key);
}

function movedOn(record: ClaimRecord, fence: number | undefined, now: number): EntropyError {
  const name = shortClaimName(record.key);
  return new EntropyError({
    code: 'E700',
    message: `${name} has moved on since fence ${fence ?? 'you looked'}: ${holderText(record, now)}`,
    fix: `look again, then: entropy-playground claims takeover ${name} --fence ${record.fence}`,
  });
}
