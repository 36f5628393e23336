import { EntropyError } from '../../domain/error.ts';
import { type Checkpoint, formatCheckpoint } from '../../domain/ledger/checkpoint.ts';
import { checkpointKey, pendingKey, pendingPrefix, planKey } from '../../domain/ledger/ledger-layout.ts';
import { treeRoot } from '../../domain/ledger/merkle-tree.ts';
import { readDescriptor } from '../../domain/ledger/segment.ts';
import { type NoteSigner, signNote } from '../../domain/ledger/signed-note.ts';
import { joinEntries, splitEntries } from '../../domain/ledger/tiles.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { growTree } from './grow-tree.ts';
import { readCheckpoint, storedTree } from './read-tree.ts';
import { sha256 } from './sha256.ts';

export interface SequencerRoom {
  readonly store: LedgerStore;
  /** The ledger's name: the first line of every checkpoint. */
  readonly origin: string;
  readonly signer: NoteSigner;
}

export interface Sequenced {
  readonly checkpoint: Checkpoint;
  /** Segments that this call put down to come next; others may have brought in more at the same time. */
  readonly added: number;
}

/** A batch is one plan, and a plan is one small object. */
const mostInBatch = 1_000;

/**
 * Brings announced segments into the tree and signs how it stands. Any number may do so at once, and each may be killed
 * anywhere: which segments come next is a plan that is put where nothing lies, and everything after it follows from the plan
 * alone, down to the signature. So whoever looks next carries out a plan that was begun, and two that carry out the same one
 * write the same bytes. Announcements are taken away before the tree that holds them is signed, and looked for after it.
 */
export async function sequenceSegments(room: SequencerRoom, signal: AbortSignal): Promise<Sequenced> {
  let size = (await signedHead(room))?.size ?? 0;
  let added = 0;
  for (;;) {
    signal.throwIfAborted();
    const begun = await readPlan(room, size);
    const plan = begun ?? (await makePlan(room, size, signal));
    if (plan.length > 0) {
      const root = await growTree(room.store, { size, entries: plan }, signal);
      for (const entry of plan) await forget(room.store, entry);
      size += plan.length;
      await sign(room, { origin: room.origin, size, root }, signal);
      if (begun === undefined) added += plan.length;
      continue;
    }
    const head = await signedHead(room);
    if (head !== undefined && head.size >= size) return { checkpoint: head, added };
    // Nothing was ever announced, or somebody slow signed an older plan over ours: what is so is signed once more.
    const root = await treeRoot(sha256, storedTree(room.store, size).read, size);
    await sign(room, { origin: room.origin, size, root }, signal);
  }
}

async function sign({ store, signer }: SequencerRoom, checkpoint: Checkpoint, signal: AbortSignal): Promise<void> {
  const note = await signNote(formatCheckpoint(checkpoint), signer);
  await store.replace(checkpointKey, Buffer.from(note), signal);
}

async function signedHead({ store, origin }: SequencerRoom): Promise<Checkpoint | undefined> {
  const read = await readCheckpoint(store);
  if (read.kind === 'missing') return undefined;
  if (read.kind === 'unreadable') throw cannotGoOn(checkpointKey, 'it is no signed checkpoint');
  const { checkpoint } = read;
  if (checkpoint.origin === origin) return checkpoint;
  throw cannotGoOn(
    checkpointKey,
    `it is of the ledger ${JSON.stringify(checkpoint.origin)}, not of ${JSON.stringify(origin)}`,
  );
}

/** Announced segments in the order of their keys, put down as the next batch; what somebody else put down there counts. */
async function makePlan(room: SequencerRoom, size: number, signal: AbortSignal): Promise<readonly string[]> {
  const entries: string[] = [];
  for await (const { key } of room.store.list(pendingPrefix, signal)) {
    const body = await room.store.read(key);
    // Taken away meanwhile by whoever brought it in.
    if (body === undefined) continue;
    const entry = Buffer.from(body).toString();
    const placed = readDescriptor(entry);
    if (placed === undefined || pendingKey(placed.segment.key) !== key)
      throw cannotGoOn(key, 'it announces no segment');
    if (entries.push(entry) === mostInBatch) break;
  }
  if (entries.length === 0) return [];
  const put = await room.store.putNew(planKey(size), joinEntries(entries), signal);
  return put === 'exists' ? ((await readPlan(room, size)) ?? []) : entries;
}

async function readPlan({ store }: SequencerRoom, size: number): Promise<readonly string[] | undefined> {
  const body = await store.read(planKey(size));
  if (body === undefined) return undefined;
  const entries = splitEntries(body);
  if (entries.every((entry) => readDescriptor(entry) !== undefined)) return entries;
  throw cannotGoOn(planKey(size), 'it names what is no segment');
}

async function forget(store: LedgerStore, entry: string): Promise<void> {
  const placed = readDescriptor(entry);
  if (placed !== undefined) await store.remove(pendingKey(placed.segment.key));
}

function cannotGoOn(key: string, what: string): EntropyError {
  return new EntropyError({
    code: 'E755',
    message: `the ledger cannot go on: ${key} is not what it was: ${what}`,
    fix: 'somebody changed it: bring back the version that was there first',
  });
}
