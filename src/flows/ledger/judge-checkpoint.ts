import { createPublicKey, verify as verifyEd25519 } from 'node:crypto';
import type { Checkpoint } from '../../domain/ledger/checkpoint.ts';
import type { LedgerFinding } from '../../domain/ledger/finding.ts';
import { checkpointKey } from '../../domain/ledger/ledger-layout.ts';
import { consistencyProof, isConsistent } from '../../domain/ledger/merkle-tree.ts';
import { judgeNote, type NoteKey, type VerifySignature } from '../../domain/ledger/signed-note.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { readCheckpoint, storedTree, TileFault } from './read-tree.ts';
import { sha256 } from './sha256.ts';

/** What a verifier knows from elsewhere. */
export interface KnownHeads {
  /** Keys whose word counts. None: the checkpoint's signature says nothing, which is told. */
  readonly keys: readonly NoteKey[];
  /** The ledger's name, when it is known. */
  readonly origin?: string;
  /** Heads that were seen before, in a pull request or by an earlier look: the ledger goes on from each of them. */
  readonly earlier: readonly Checkpoint[];
}

export interface JudgedCheckpoint {
  readonly checkpoint?: Checkpoint;
  readonly signedBy: readonly string[];
  readonly findings: readonly LedgerFinding[];
}

/** Who signed the head, and that nothing that was there before is gone from it. */
export async function judgeCheckpoint(
  store: Pick<LedgerStore, 'read'>,
  { keys, origin, earlier }: KnownHeads,
): Promise<JudgedCheckpoint> {
  const wrong = (text: string): LedgerFinding => ({ kind: 'checkpoint', key: checkpointKey, text });
  const read = await readCheckpoint(store);
  if (read.kind === 'missing') {
    return { signedBy: [], findings: earlier.length === 0 ? [] : [wrong('it is not there, and was')] };
  }
  if (read.kind === 'unreadable') return { signedBy: [], findings: [wrong('it is no signed checkpoint')] };
  const { checkpoint, note } = read;
  const verdict = judgeNote(note, keys, verifySignature);
  const findings: LedgerFinding[] = [];
  if (verdict.kind === 'forged') findings.push(wrong(`the signature of ${verdict.name} is not of this text`));
  if (verdict.kind === 'unknown') findings.push(wrong(`no known key signed it, only ${verdict.names.join(', ')}`));
  if (origin !== undefined && checkpoint.origin !== origin) {
    findings.push(wrong(`it is of the ledger ${JSON.stringify(checkpoint.origin)}, not of ${JSON.stringify(origin)}`));
  }
  for (const before of earlier) {
    const problem = await differsFrom(store, before, checkpoint);
    if (problem !== undefined) findings.push(wrong(problem));
  }
  const signedBy = verdict.kind === 'signed' ? verdict.by.map(({ name }) => name) : [];
  return { checkpoint, signedBy, findings };
}

/** Why a ledger does not go on from how it stood before; undefined when it does. */
async function differsFrom(
  store: Pick<LedgerStore, 'read'>,
  before: Checkpoint,
  now: Checkpoint,
): Promise<string | undefined> {
  if (before.origin !== now.origin)
    return `it is of the ledger ${JSON.stringify(now.origin)}, not of ${JSON.stringify(before.origin)}`;
  if (before.size > now.size) return `it has ${now.size} segments, and had ${before.size}`;
  try {
    const proof = await consistencyProof(storedTree(store, now.size), { from: before.size, to: now.size });
    return isConsistent(sha256, { from: before, to: now, proof })
      ? undefined
      : `it does not go on from what it was with ${before.size} segments`;
  } catch (error) {
    if (error instanceof TileFault || error instanceof RangeError)
      return `whether it goes on cannot be told: ${error.message}`;
    throw error;
  }
}

/** DER of a key of Ed25519 up to its 32 bytes: RFC 8410. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export const verifySignature: VerifySignature = (publicKey, bytes, signature) => {
  if (signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
  return verifyEd25519(null, bytes, key, signature);
};
