import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  nodeHash,
  type ReadableTree,
  treeRoot,
} from '../../../../src/domain/ledger/merkle-tree.ts';
import { hexOf, utf8 } from '../../../../src/domain/ledger/sha256.ts';
import { sha256 } from '../../../../src/flows/ledger/sha256.ts';

/** The definition of RFC 6962, word by word, over all leaves: another way to the same sums. */
function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return only;
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(sha256, plainRoot(leaves.slice(0, left)), plainRoot(leaves.slice(left)));
}

function leavesOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, at) => leafHash(sha256, utf8(`entry ${at}`)));
}

function treeOf(leaves: readonly Uint8Array[]): ReadableTree {
  const read = async ({ level, index }: { level: number; index: number }) =>
    plainRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
  return { sha256, read };
}

const sizes = fc.integer({ min: 1, max: 70 });

describe('the Merkle tree', () => {
  it('has the roots that RFC 6962 gives for its test leaves', async () => {
    // From the test vectors of the Certificate Transparency project.
    const entries = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const leaves = entries.map((entry) => leafHash(sha256, Buffer.from(entry, 'hex')));
    const roots = await Promise.all([0, 1, 2, 8].map((size) => treeRoot(sha256, treeOf(leaves).read, size)));
    expect(roots.map(hexOf)).toEqual([
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]);
  });

  it('proves every leaf of every tree, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, some, other) => {
        const leaves = leavesOf(size);
        const index = some % size;
        const root = plainRoot(leaves);
        const proof = await inclusionProof(treeOf(leaves), { index, size });
        const leaf = leaves[index] ?? new Uint8Array();
        expect(isIncluded(sha256, { leaf, index, size, root, proof })).toBe(true);
        const elsewhere = other % size;
        if (elsewhere !== index) {
          expect(isIncluded(sha256, { leaf, index: elsewhere, size, root, proof })).toBe(false);
          expect(isIncluded(sha256, { leaf: leaves[elsewhere] ?? leaf, index, size, root, proof })).toBe(false);
        }
        expect(isIncluded(sha256, { leaf, index, size, root, proof: [...proof, root] })).toBe(false);
        if (proof.length > 0)
          expect(isIncluded(sha256, { leaf, index, size, root, proof: proof.slice(1) })).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('proves that each tree goes on from each smaller one, and from no changed one', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (to, some, changed) => {
        const leaves = leavesOf(to);
        const from = some % (to + 1);
        const proof = await consistencyProof(treeOf(leaves), { from, to });
        const newer = { size: to, root: plainRoot(leaves) };
        const older = (list: readonly Uint8Array[]) => ({ size: from, root: plainRoot(list.slice(0, from)) });
        expect(isConsistent(sha256, { from: older(leaves), to: newer, proof })).toBe(true);
        if (from === 0) return;
        const other = leaves.with(changed % from, leafHash(sha256, utf8('something else')));
        expect(isConsistent(sha256, { from: older(other), to: newer, proof })).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses leaves and trees that are not there', async () => {
    const tree = treeOf(leavesOf(3));
    await expect(inclusionProof(tree, { index: 3, size: 3 })).rejects.toThrow(RangeError);
    await expect(consistencyProof(tree, { from: 4, to: 3 })).rejects.toThrow(RangeError);
    const root = plainRoot(leavesOf(3));
    expect(isConsistent(sha256, { from: { size: 4, root }, to: { size: 3, root }, proof: [] })).toBe(false);
  });
});
