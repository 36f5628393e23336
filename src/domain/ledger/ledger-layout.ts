import { objectKeyProblem } from '../object-rules.ts';
import type { LedgerWriterName } from './writer-chain.ts';

/** Where everything of a ledger lies in its store. */
export const ledgerRoot = 'audit/v1/';
export const segmentsPrefix = `${ledgerRoot}segments/`;
export const pendingPrefix = `${ledgerRoot}pending/`;
export const treePrefix = `${ledgerRoot}tree/`;
export const checkpointKey = `${treePrefix}checkpoint`;
export const plansPrefix = `${treePrefix}plans/`;
export const blobsPrefix = `${ledgerRoot}blobs/`;

const positionDigits = 12;

/** `audit/v1/segments/octo/slug/<run>-1/agent/000000000000.jsonl.gz`: by the position of its first record. */
export function segmentKey({ repo, run, attempt, writer }: LedgerWriterName, seq: number): string {
  return `${segmentsPrefix}${repo}/${run}-${attempt}/${writer}/${String(seq).padStart(positionDigits, '0')}.jsonl.gz`;
}

/** Whose segment it is, and from which record on; undefined when it is no name of one. */
export function parseSegmentKey(key: string): (LedgerWriterName & { readonly seq: number }) | undefined {
  if (!key.startsWith(segmentsPrefix)) return undefined;
  const [owner, name, place, writer, file, ...rest] = key.slice(segmentsPrefix.length).split('/');
  const [, run, attempt] = /^(.+)-(\d+)$/.exec(place ?? '') ?? [];
  const [, digits] = /^(\d{12})\.jsonl\.gz$/.exec(file ?? '') ?? [];
  if (rest.length > 0 || digits === undefined || run === undefined || attempt === undefined) return undefined;
  if (owner === undefined || name === undefined || writer === undefined) return undefined;
  const parsed = { repo: `${owner}/${name}`, run, attempt: Number(attempt), writer, seq: Number(digits) };
  return segmentKey(parsed, parsed.seq) === key ? parsed : undefined;
}

/** Why no segment can be stored under that name, in words; undefined when all is well. */
export function wrongWriterName(name: LedgerWriterName): string | undefined {
  const key = segmentKey(name, 0);
  const problem = objectKeyProblem(key);
  if (problem !== undefined) return `the key ${key} ${problem}`;
  return parseSegmentKey(key) === undefined ? `${key} does not tell its parts apart` : undefined;
}

/** The batch that goes on from a tree of that size. */
export function planKey(size: number): string {
  return `${plansPrefix}${String(size).padStart(positionDigits, '0')}.json`;
}

/** Named by the segment, so that one that is announced twice waits once. */
export function pendingKey(segment: string): string {
  return `${pendingPrefix}${segment.slice(segmentsPrefix.length)}.json`;
}
