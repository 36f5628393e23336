import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash, nodeHash, treeRoot } from '../../../../src/domain/ledger/merkle-tree.ts';
import { sameBytes, utf8 } from '../../../../src/domain/ledger/sha256.ts';
import {
  bundlePath,
  joinEntries,
  joinHashes,
  splitEntries,
  splitHashes,
  tilePath,
  tileReader,
  tilesOf,
} from '../../../../src/domain/ledger/tiles.ts';
import { sha256 } from '../../../../src/flows/ledger/sha256.ts';

describe('tiles', () => {
  it('are named as C2SP tlog-tiles names them', () => {
    expect(tilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
    expect(tilePath({ level: 1, index: 5, width: 3 })).toBe('tile/1/005.p/3');
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(bundlePath({ index: 999, width: 255 })).toBe('tile/entries/999.p/255');
    expect(bundlePath({ index: 1_000, width: 256 })).toBe('tile/entries/x001/000');
  });

  it('are as many as a tree has hashes in each eighth level', () => {
    expect(tilesOf(0)).toEqual([]);
    expect(tilesOf(1)).toEqual([{ level: 0, index: 0, width: 1 }]);
    expect(tilesOf(256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect(tilesOf(70_000).filter(({ level }) => level > 0)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  it('give the root of any tree', async () => {
    const leaves = Array.from({ length: 1_100 }, (_, at) => leafHash(sha256, utf8(String(at))));
    const plain = (list: readonly Uint8Array[]): Uint8Array => {
      const [only] = list;
      if (only !== undefined && list.length === 1) return only;
      const left = 2 ** Math.ceil(Math.log2(list.length) - 1);
      return nodeHash(sha256, plain(list.slice(0, left)), plain(list.slice(left)));
    };
    for (const size of [1, 2, 255, 256, 257, 511, 512, 1_000, 1_100]) {
      const own = leaves.slice(0, size);
      const read = tileReader(sha256, size, async ({ level, index, width }) => {
        const span = 256 ** level;
        return joinHashes(
          Array.from({ length: width }, (_, at) =>
            plain(own.slice((index * 256 + at) * span, (index * 256 + at + 1) * span)),
          ),
        );
      });
      expect(sameBytes(await treeRoot(sha256, read, size), plain(own)), `${size} leaves`).toBe(true);
    }
  });

  it('come back as they were put together, and tell when they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 40 }), (entries) => {
        expect(splitEntries(joinEntries(entries))).toEqual(entries.map((entry) => entry.toWellFormed()));
      }),
    );
    expect(() => splitEntries(joinEntries(['one', 'two']).slice(0, -1))).toThrow(RangeError);
    expect(() => splitHashes(new Uint8Array(31), 1)).toThrow(RangeError);
    expect(() => joinEntries(['x'.repeat(65_536)])).toThrow(RangeError);
  });
});
