import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Act, errorFingerprint, judgeStuck } from '../../../src/domain/stuck-detector.ts';

const did = (...names: string[]): Act[] => names.map((name) => ({ fingerprint: name, label: name }));
const times = <T>(count: number, items: readonly T[]): T[] => Array.from({ length: count }, () => items).flat();

/** The verdict after every act, as the loop asks for it. */
function verdicts(acts: readonly Act[]): string {
  return acts.map((_, at) => judgeStuck(acts.slice(0, at + 1)).kind[0]).join('');
}

test('the same act is warned about at the third time and stops the run at the fifth', () => {
  expect(verdicts(did('a', 'a', 'a', 'a', 'a'))).toBe('mmwms');
});

test('rounds of two, three and four acts are seen too, each warned about once', () => {
  expect(verdicts(times(5, did('a', 'b')))).toBe('mmmmmwmmms');
  expect(verdicts(times(5, did('a', 'b', 'c')))).toBe(`${'m'.repeat(8)}w${'m'.repeat(5)}s`);
  expect(judgeStuck(times(5, did('a', 'b', 'c', 'd'))).kind).toBe('stuck');
});

test('testing after each of many different edits is work', () => {
  const acts = Array.from({ length: 30 }, (_, at) => did(`edit ${at}`, 'npm test')).flat();
  expect(verdicts(acts)).toBe('m'.repeat(60));
});

test('an error that comes back is warned about and then stops the run, other acts between or not', () => {
  const failing = (at: number): Act[] => [
    { fingerprint: `edit ${at}`, label: 'edit' },
    { fingerprint: `test ${at}`, label: 'test', error: errorFingerprint('bash', `1 failed in ${at}.3 s`) },
  ];
  const acts = Array.from({ length: 8 }, (_, at) => failing(at)).flat();
  expect(verdicts(acts)).toBe('mmmmmmmwmmmmmmms');
  expect(judgeStuck(acts)).toEqual({
    kind: 'stuck',
    reason: 'the same error came back 8 times: bash: # failed in # s',
  });
});

test('different errors are work', () => {
  const acts = Array.from(
    { length: 30 },
    (_, at): Act => ({ fingerprint: `${at}`, label: 'x', error: `error ${'e'.repeat(at)}` }),
  );
  expect(verdicts(acts)).toBe('m'.repeat(30));
});

test('acts that never repeat are never stopped', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (names) => {
      expect(verdicts(did(...names))).toBe('m'.repeat(names.length));
    }),
  );
});
