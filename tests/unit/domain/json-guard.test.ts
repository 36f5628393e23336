import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findJsonFlaw } from '../../../src/domain/json-guard.ts';

describe('the guard before JSON is parsed', () => {
  test('lets through whatever a program of ours writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        if (/__proto__|constructor/.test(text)) return;
        expect(findJsonFlaw(text, 32)).toBeUndefined();
        expect(findJsonFlaw(JSON.stringify(value, null, 2), 32)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('counts the levels as they are, whatever stands in texts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.string(), (depth, inside) => {
        const text = `${'['.repeat(depth)}${JSON.stringify(inside)}${']'.repeat(depth)}`;
        expect(findJsonFlaw(text, 32)).toBe(depth > 32 ? 'too-deep' : undefined);
      }),
    );
  });

  test('finds a name that stands twice wherever it is, and however it is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, others) => {
        const written = JSON.stringify(name);
        const escaped = `"${[...name].map((char) => escapeOf(char)).join('')}"`;
        const between = others.filter((other) => other !== name).map((other) => `"x${other.length}":{"a":"}"}`);
        const members = [`${written}:1`, ...new Set(between), `${escaped}:2`].filter(
          (member) => !/__proto__|constructor/.test(member),
        );
        const text = `{"outer":[{${members.join(',')}}]}`;
        if (
          isReserved(name) ||
          /__proto__|constructor/.test(name) ||
          between.some((member) => member.startsWith(written))
        )
          return;
        expect(findJsonFlaw(text, 32)).toBe('duplicate-key');
      }),
    );
  });

  test.each([
    ['{"a":{"b":1},"b":2}', undefined],
    ['[{"a":1},{"a":2}]', undefined],
    ['{"a":["b","b",{"b":1}],"b":"a"}', undefined],
    ['{"a":1,"b":{"a":1,"a":2}}', 'duplicate-key'],
    ['{"__proto__":1}', 'reserved-key'],
    ['{"\\u005f_proto__":1}', 'reserved-key'],
    ['[{"a":{"constructor":{}}}]', 'reserved-key'],
    ['{"a":"__proto__"}', undefined],
    ['{"a":["constructor"],"prototype":1}', undefined],
    ['[-1e400]', 'bad-number'],
    ['[1e308]', undefined],
    ['"\\udc00"', 'bad-text'],
    ['"\\ud83d\\ude00"', undefined],
    ['{"a":1,', undefined],
    ['"unterminated', undefined],
    ['"ends in \\', undefined],
  ] as const)('says of %s: %s', (text, flaw) => {
    expect(findJsonFlaw(text, 32)).toBe(flaw);
  });

  test('takes time by the length of the text, however it is nested', () => {
    const started = performance.now();
    findJsonFlaw('['.repeat(1_000_000), 2_000_000);
    findJsonFlaw(`"${'\\"'.repeat(500_000)}"`, 32);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('stays quick when it is called often, as compiled code', () => {
    const text = JSON.stringify(Array.from({ length: 500 }, (_none, index) => ({ name: 'x', text: `№ ${index}` })));
    const started = performance.now();
    for (let round = 0; round < 500; round += 1) expect(findJsonFlaw(text, 32)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

function isReserved(name: string): boolean {
  return name === '__proto__' || name === 'constructor';
}

function escapeOf(char: string): string {
  return [...Array(char.length).keys()]
    .map((index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}
