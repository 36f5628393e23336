import { describe, expect, test } from 'vitest';
import { expandStrategy } from '../../../../src/embedded/runner/plan/expand-matrix.ts';

const legs = (matrix: object): unknown => expandStrategy({ matrix } as never, 'job').legs.map((leg) => leg.matrix);

describe('a matrix', () => {
  test('multiplies its vectors, the first one slowest', () => {
    expect(legs({ os: ['l', 'm'], node: [22, 24] })).toEqual([
      { os: 'l', node: 22 },
      { os: 'l', node: 24 },
      { os: 'm', node: 22 },
      { os: 'm', node: 24 },
    ]);
  });

  test('includes as the documentation shows it', () => {
    const matrix = {
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    };
    expect(legs(matrix)).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  test('excludes by partial match', () => {
    const matrix = {
      os: ['l', 'm'],
      env: [
        { name: 'x', v: 1 },
        { name: 'y', v: 1 },
      ],
      exclude: [{ os: 'm' }, { env: { name: 'y' } }],
    };
    expect(legs(matrix)).toEqual([{ os: 'l', env: { name: 'x', v: 1 } }]);
  });

  test('of includes alone makes one job of each', () => {
    expect(expandStrategy({ matrix: { include: [{ a: 1 }, { a: 2, b: 'x' }] } }, 'job').legs).toEqual([
      { matrix: { a: 1 }, label: '1' },
      { matrix: { a: 2, b: 'x' }, label: '2, x' },
    ]);
  });

  test('that is not there makes one job without one', () => {
    expect(expandStrategy(null, 'job')).toMatchObject({ legs: [{ matrix: null }], failFast: true });
  });

  test.each([
    [{ a: [] }, 'makes 0 jobs'],
    [{ a: Array.from({ length: 257 }, (_, index) => index) }, 'makes 257 jobs'],
    [{ a: 'x' }, 'is no list'],
  ])('is refused: %j', (matrix, message) => {
    expect(() => legs(matrix)).toThrow(message);
  });
});
