import { describe, expect, it } from 'vitest';
import { pieceRan } from '../../attack/piece-ran.ts';

const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });

describe('whether a piece of source ran', () => {
  it('goes by the smallest range around each letter', () => {
    const functions = [{ ranges: [range(0, 100, 1), range(20, 40, 0), range(30, 35, 2)] }];
    expect(pieceRan(functions, { start: 5, end: 10 })).toBe(true);
    expect(pieceRan(functions, { start: 20, end: 30 })).toBe(false);
    expect(pieceRan(functions, { start: 30, end: 35 })).toBe(true);
  });

  it('takes one letter that ran for the whole piece', () => {
    expect(pieceRan([{ ranges: [range(0, 100, 1), range(20, 40, 0)] }], { start: 39, end: 60 })).toBe(true);
  });

  it('knows of nothing that ran where nothing was covered, and of no function that was never called', () => {
    expect(pieceRan([], { start: 5, end: 10 })).toBe(false);
    expect(pieceRan([{ ranges: [range(0, 100, 1)] }, { ranges: [range(50, 70, 0)] }], { start: 55, end: 60 })).toBe(
      false,
    );
  });
});
