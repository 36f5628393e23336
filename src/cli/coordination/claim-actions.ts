import { type ClaimKey, type ClaimRecord, leaseOf } from '../../domain/claim.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import type { CliIo } from '../cli-io.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { readDuration } from '../moments.ts';
import { terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';
import { claimView, heldBySomebodyElse, holderText, notHeld } from './claim-view.ts';
import { ownClaim } from './own-claim.ts';
import { readKey, whoIsIt } from './references.ts';
import { shortageText } from './shortage-text.ts';
import { inRoom, type RoomFlags } from './store-options.ts';
import { type EndFlags, readEnd } from './told-end.ts';

export interface ClaimFlags extends RoomFlags, EndFlags {
  readonly as?: string;
  readonly for?: string;
  readonly agent?: boolean;
  readonly fence?: string;
  readonly lease?: string;
}

const actionFields = ['schema', 'action', 'store', 'claim', 'from', 'stopRequested'] as const;
const durations = { min: 1_000, max: 40 * 86_400_000 };
const defaultTtl = '30m';

interface Told {
  readonly action: 'taken' | 'released' | 'already-released' | 'extended' | 'taken-over' | 'free' | 'held';
  readonly room: CoordinationRoom;
  readonly claim: ClaimRecord | undefined;
  readonly from?: ClaimRecord;
  readonly stopRequested?: RunRecord['stopRequested'];
  readonly text: string;
}

function tell({ action, room, claim, from, stopRequested, text }: Told, flags: ClaimFlags, io: CliIo): void {
  const now = room.clock.now();
  if (flags.json === undefined) {
    io.stdout.write(`${text}\n`);
    return;
  }
  const view = claim === undefined ? null : claimView(claim, now);
  const rest = { ...(from !== undefined && { from }), ...(stopRequested !== undefined && { stopRequested }) };
  const object = { schema: 1, action, store: room.place, claim: view, ...rest };
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
    // A coordinator reserves for every agent, also when nothing was asked for.
    if (result.kind === 'over-budget') {
      io.stderr.write(`${shortageText(result.shortage)}\n`);
      return exitCodes.overBudget;
    }
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
  const ended = readEnd(flags);
  return inRoom(flags, io, async (room) => {
    const held = await ownClaim(room, key, { actor, lease: flags.lease });
    const action = await room.giveBack({ claim: held, actor, ...ended });
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
  const { actor } = whoIsIt(flags.as, io);
  const length = flags.for ?? defaultTtl;
  const ttlMs = readDuration('--for', length, durations);
  return inRoom(flags, io, async (room) => {
    const held = await ownClaim(room, key, { actor, lease: flags.lease });
    const renewed = await room.store.claims.renew(leaseOf(held), ttlMs);
    const claim = await room.store.claims.read(key);
    if (renewed === undefined) throw lostMeanwhile(claim, key, room);
    const text = `${io.paintOut.good('✔')} ${shortClaimName(key)} is yours for ${length} from now, fence ${renewed.fence}`;
    const stopRequested = await room.signOfLife(held);
    tell({ action: 'extended', room, claim, text, ...(stopRequested && { stopRequested }) }, flags, io);
    if (stopRequested !== undefined && flags.json === undefined) {
      const line = `asked to stop by ${stopRequested.by}: ${stopRequested.reason}; save what there is, then claims release`;
      io.stderr.write(`${io.paintErr.warn('!')} ${terminalLine(line, 400)}\n`);
    }
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

function readFence({ fence }: ClaimFlags): number | undefined {
  if (fence === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(fence)) return Number(fence);
  throw usage(`--fence ${fence} is not a number`, 'claims list shows it');
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
