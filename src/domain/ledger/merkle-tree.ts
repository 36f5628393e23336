import { type Sha256, sameBytes } from './sha256.ts';

/**
 * The Merkle tree of RFC 6962, section 2.1: what is told of a leaf or of an older tree can be checked with some twenty hashes,
 * whoever keeps the log. Here are only the sums; where hashes lie is `tiles.ts`.
 */

/** A perfect subtree: 2^level leaves, the first of which is `index << level`. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

export type NodeReader = (node: TreeNode) => Promise<Uint8Array>;

export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(entry.length + 1);
  bytes.set(entry, 1);
  return sha256(bytes);
}

export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return sha256(bytes);
}

/** The hash of the first `size` leaves. That of none is the hash of nothing. */
export function treeRoot(sha256: Sha256, read: NodeReader, size: number): Promise<Uint8Array> {
  return size === 0 ? Promise.resolve(sha256(new Uint8Array(0))) : rangeRoot({ sha256, read }, 0, size);
}

/** That the leaf is in the tree of that size: the hashes beside its way up, the lowest first. */
export async function inclusionProof(
  tree: ReadableTree,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<readonly Uint8Array[]> {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) {
    throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  }
  const path = async (start: number, end: number): Promise<Uint8Array[]> => {
    if (end - start === 1) return [];
    const middle = start + leftSize(end - start);
    return index < middle
      ? [...(await path(start, middle)), await rangeRoot(tree, middle, end)]
      : [...(await path(middle, end)), await rangeRoot(tree, start, middle)];
  };
  return await path(0, size);
}

/** That the tree of the one size is the beginning of that of the other. */
export async function consistencyProof(
  tree: ReadableTree,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[]> {
  if (!(Number.isSafeInteger(from) && from >= 0 && from <= to)) {
    throw new RangeError(`a tree of ${from} leaves is not the beginning of one of ${to}`);
  }
  if (from === 0 || from === to) return [];
  const subproof = async (start: number, end: number, isWhole: boolean): Promise<Uint8Array[]> => {
    if (from === end) return isWhole ? [] : [await rangeRoot(tree, start, end)];
    const middle = start + leftSize(end - start);
    return from <= middle
      ? [...(await subproof(start, middle, isWhole)), await rangeRoot(tree, middle, end)]
      : [...(await subproof(middle, end, false)), await rangeRoot(tree, start, middle)];
  };
  return await subproof(0, to, true);
}

export interface ReadableTree {
  readonly sha256: Sha256;
  readonly read: NodeReader;
}

export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** As RFC 9162, section 2.1.3.2 has it. */
export function isIncluded(sha256: Sha256, { leaf, index, size, root, proof }: Inclusion): boolean {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

export interface Consistency {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/** As RFC 9162, section 2.1.4.2 has it. Every tree goes on from the empty one. */
export function isConsistent(sha256: Sha256, { from, to, proof }: Consistency): boolean {
  if (from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && sameBytes(from.root, to.root);
  if (from.size === 0) return proof.length === 0 && sameBytes(from.root, sha256(new Uint8Array(0)));
  const [first, ...rest] = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof;
  if (first === undefined) return false;
  let [node, last] = [from.size - 1, to.size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let [older, newer] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      [older, newer] = [nodeHash(sha256, hash, older), nodeHash(sha256, hash, newer)];
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      newer = nodeHash(sha256, newer, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(older, from.root) && sameBytes(newer, to.root);
}

/** The root of the leaves from `start` on, which is a place where a subtree of that size may begin. */
async function rangeRoot(tree: ReadableTree, start: number, end: number): Promise<Uint8Array> {
  const size = end - start;
  if (isPowerOfTwo(size)) return await tree.read({ level: Math.log2(size), index: start / size });
  const middle = start + leftSize(size);
  const left = await rangeRoot(tree, start, middle);
  return nodeHash(tree.sha256, left, await rangeRoot(tree, middle, end));
}

/** The largest power of two below it. */
function leftSize(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}

// Not by bits: those of a number are 32.
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
