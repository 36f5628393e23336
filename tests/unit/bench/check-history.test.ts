import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../bench/linearizability/check-history.ts';
import type { Operation, SequentialModel } from '../../bench/linearizability/history.ts';
import { anyOrderExplains } from './any-order-explains.ts';

type Call =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: number }
  | { readonly kind: 'swap'; readonly expected: number; readonly value: number };
type Result = number | 'done' | 'failed';
type RegisterOperation = Operation<Call, Result>;

interface Register {
  readonly value: number;
}

const register: SequentialModel<Register, Call, Result> = {
  initial: { value: 0 },
  step: (state, { call, result }) => {
    switch (call.kind) {
      case 'read':
        return result === state.value ? state : undefined;
      case 'write':
        return result === undefined || result === 'done' ? { value: call.value } : undefined;
      case 'swap': {
        const fits = state.value === call.expected;
        if (result === 'failed') return fits ? undefined : state;
        return fits ? { value: call.value } : undefined;
      }
      default:
        return call satisfies never;
    }
  },
  identity: ({ value }) => String(value),
  canStillFollow: () => true,
};

const value = fc.integer({ min: 0, max: 2 });
const answered = fc.oneof(
  fc.record({ call: fc.constant<Call>({ kind: 'read' }), result: fc.oneof(value, fc.constant(undefined)) }),
  fc.record({
    call: value.map((written): Call => ({ kind: 'write', value: written })),
    result: fc.constantFrom<(Result | undefined)[]>('done', undefined),
  }),
  fc.record({
    call: fc.tuple(value, value).map(([expected, next]): Call => ({ kind: 'swap', expected, value: next })),
    result: fc.constantFrom<(Result | undefined)[]>('done', 'failed', undefined),
  }),
);
const operation = fc
  .record({ answered, start: fc.nat(20), takes: fc.nat(12), unheard: fc.boolean() })
  .map(({ answered: { call, result }, start, takes, unheard }): RegisterOperation => {
    const end = result === undefined && unheard ? Number.POSITIVE_INFINITY : start + takes;
    return { process: 'p', call, start, end, ...(result !== undefined && { result }) };
  });

const read = (result: number, start: number, end: number): RegisterOperation => ({
  process: 'reader',
  call: { kind: 'read' },
  result,
  start,
  end,
});
const write = (written: number, start: number, end: number, heard = true): RegisterOperation => ({
  process: 'writer',
  call: { kind: 'write', value: written },
  ...(heard && { result: 'done' as const }),
  start,
  end,
});
const kindOf = (operations: readonly RegisterOperation[]) => checkHistory(register, operations).kind;
const never = Number.POSITIVE_INFINITY;

describe('the linearizability checker', () => {
  it('says of any history of a register what trying every order says', () => {
    let wrong = 0;
    const property = fc.property(fc.array(operation, { maxLength: 7 }), (operations) => {
      const explained = anyOrderExplains(register, operations);
      if (!explained) wrong += 1;
      expect(kindOf(operations)).toBe(explained ? 'linearizable' : 'not-linearizable');
    });
    fc.assert(property, { numRuns: 3_000 });
    // Both answers are put to the test, not one of them nearly always.
    expect(wrong).toBeGreaterThan(300);
    expect(wrong).toBeLessThan(2_700);
  });

  it('accepts two reads in either order while a write is under way, but no step back after it was seen', () => {
    expect(kindOf([write(1, 0, 10), read(0, 1, 2), read(1, 3, 4)])).toBe('linearizable');
    expect(kindOf([write(1, 0, 10), read(1, 1, 2), read(0, 3, 4)])).toBe('not-linearizable');
  });

  it('lets a write that nobody heard of happen late, once, or never', () => {
    const lost = write(1, 0, never, false);
    expect(kindOf([lost, read(0, 5, 6), read(1, 50, 60)])).toBe('linearizable');
    expect(kindOf([lost, read(0, 5, 6)])).toBe('linearizable');
    expect(kindOf([lost, read(1, 5, 6), write(2, 7, 8), read(1, 9, 10)])).toBe('not-linearizable');
  });

  it('lets no effect come later than the moment at which its caller was known to be dead', () => {
    const killed = write(1, 0, 7, false);
    expect(kindOf([killed, read(1, 8, 9)])).toBe('linearizable');
    expect(kindOf([killed, read(0, 8, 9), read(1, 10, 11)])).toBe('not-linearizable');
  });

  it('names the answer that nothing explains, what was under way and what came before', () => {
    const verdict = checkHistory(register, [write(1, 0, 1), write(2, 2, 9), read(0, 3, 4), read(1, 5, 6)]);
    expect(verdict).toMatchObject({
      kind: 'not-linearizable',
      operation: { result: 0 },
      states: [{ value: 1 }],
      open: [{ call: { value: 2 } }],
      before: [{ call: { value: 1 } }],
    });
  });

  it('walks through 100,000 operations of 64 processes that never pause', () => {
    const swap = (expected: number, next: number): Call => ({ kind: 'swap', expected, value: next });
    let current = 0;
    const operations = Array.from({ length: 100_000 }, (_, at): RegisterOperation => {
      const around = { process: `p${at % 64}`, start: at - 32, end: at + 32 };
      if (at % 3 > 0) return { ...around, call: swap(-1, at), result: 'failed' };
      const call = swap(current, at);
      current = at;
      return { ...around, call, result: 'done' };
    });
    const verdict = checkHistory(register, operations);
    expect(verdict.kind).toBe('linearizable');
  });
});
