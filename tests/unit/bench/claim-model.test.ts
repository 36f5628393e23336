import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClaimHistory } from '../../bench/linearizability/check-claim-history.ts';
import { claimModel } from '../../bench/linearizability/claim-model.ts';
import type { ClaimAnswer, ClaimCall, ClaimOperation, SeenClaim } from '../../bench/linearizability/claim-operation.ts';
import { anyOrderExplains } from './any-order-explains.ts';
import { claimScript, sequentialClaims } from './sequential-claims.ts';

const waitMs = 2_000;
const ttlMs = 10_000;
const model = claimModel({ waitMs, clockErrorMs: 0 });
const judge = (history: readonly ClaimOperation[], clockErrorMs = 0) =>
  checkClaimHistory(history, { waitMs, clockErrorMs }).kind;

interface Told {
  readonly at: number;
  readonly until?: number;
}

function operation(who: string, call: ClaimCall, answer: ClaimAnswer | undefined, { at, until = at + 10 }: Told) {
  return { process: who, call, start: at, end: until, ...(answer && { result: answer }) } satisfies ClaimOperation;
}

function held(who: string, fence: number, grantedAt: number, more: Partial<SeenClaim> = {}): SeenClaim {
  return { state: 'held', holder: 'agent', leaseId: who, fence, expiresAt: grantedAt + ttlMs, ...more };
}

const ask = (who: string): ClaimCall => ({ kind: 'acquire', leaseId: who, holder: 'agent', ttlMs });

function granted(who: string, fence: number, told: Told & { readonly from?: SeenClaim }): ClaimOperation {
  const { at, from } = told;
  return operation(who, ask(who), { kind: 'granted', fence, expiresAt: at + 5 + ttlMs, ...(from && { from }) }, told);
}

const grantedAt = (at: number) => at + 5;
const refused = (who: string, seen: SeenClaim, told: Told) => operation(who, ask(who), { kind: 'refused', seen }, told);
const released = (who: string, fence: number, told: Told) =>
  operation(who, { kind: 'release', leaseId: who, fence }, { kind: 'released' }, told);
const stale = (who: string, fence: number, told: Told) =>
  operation(who, { kind: 'release', leaseId: who, fence }, { kind: 'stale' }, told);
const renewed = (who: string, fence: number, told: Told) =>
  operation(
    who,
    { kind: 'renew', leaseId: who, fence, ttlMs },
    { kind: 'renewed', fence, expiresAt: grantedAt(told.at) + ttlMs },
    told,
  );
const read = (who: string, seen: SeenClaim | undefined, told: Told) =>
  operation(who, { kind: 'read' }, seen === undefined ? { kind: 'read' } : { kind: 'read', seen }, told);
const acted = (who: string, fence: number, before: 'never' | 'begun', told: Told) =>
  operation(who, { kind: 'effect', leaseId: who, fence, effect: 'comment' }, { kind: 'may-act', before }, told);

/** Held by `a` from 5 on, free to be taken after 12,005. */
const first = granted('a', 1, { at: 0 });
const byA = held('a', 1, grantedAt(0));

const wrong: readonly (readonly [string, readonly ClaimOperation[]])[] = [
  ['two grants of a free claim at once', [first, granted('b', 1, { at: 0 })]],
  ['a grant while another holds the claim', [first, granted('b', 2, { at: 100 })]],
  ['a steal before the lease and the wait are over', [first, granted('b', 2, { at: 11_990, from: byA })]],
  ['a fence that goes back', [first, released('a', 1, { at: 20 }), granted('b', 0, { at: 40 })]],
  ['a fence used again after a release', [first, released('a', 1, { at: 20 }), granted('b', 1, { at: 40 })]],
  ['a fence left out', [first, released('a', 1, { at: 20 }), granted('b', 3, { at: 40 })]],
  ['a first fence that is not 1', [granted('a', 2, { at: 0 })]],
  ['a release that was lost', [first, released('a', 1, { at: 20 }), read('c', byA, { at: 40 })]],
  ['a refusal for a holder that had released', [first, released('a', 1, { at: 20 }), refused('b', byA, { at: 40 })]],
  ['a refusal long after the lease was over', [first, refused('b', byA, { at: 12_100 })]],
  ['an old state read after a newer one', [first, read('b', byA, { at: 20 }), read('c', undefined, { at: 40 })]],
  [
    'a renewal after a steal',
    [first, granted('b', 2, { at: 12_010, from: byA }), renewed('a', 1, { at: 12_030, until: 12_040 })],
  ],
  ['a release after a steal', [first, granted('b', 2, { at: 12_010, from: byA }), released('a', 1, { at: 12_030 })]],
  [
    'a lease that ends earlier than it was shown to, after a renewal that nobody heard of',
    [
      first,
      operation('a', { kind: 'renew', leaseId: 'a', fence: 1, ttlMs }, undefined, {
        at: 500,
        until: Number.POSITIVE_INFINITY,
      }),
      refused('b', { ...byA, expiresAt: 600 + ttlMs }, { at: 700 }),
      refused('b', byA, { at: 800 }),
    ],
  ],
  ['a release that counts twice', [first, released('a', 1, { at: 20 }), released('a', 1, { at: 40 })]],
  ['a current lease that is called stale', [first, stale('a', 1, { at: 20 })]],
  ['an own release that is called somebody else’s', [first, released('a', 1, { at: 20 }), stale('a', 1, { at: 40 })]],
  [
    'a write allowed to an old fence',
    [first, granted('b', 2, { at: 12_010, from: byA }), acted('a', 1, 'never', { at: 12_030 })],
  ],
  ['an effect that was forgotten', [first, acted('a', 1, 'never', { at: 20 }), acted('a', 1, 'never', { at: 40 })]],
  ['an effect that nobody began', [first, acted('a', 1, 'begun', { at: 20 })]],
  [
    'a claim taken from a person',
    [
      operation(
        'a',
        { kind: 'acquire', leaseId: 'a', holder: 'human', ttlMs },
        { kind: 'granted', fence: 1, expiresAt: grantedAt(0) + ttlMs },
        { at: 0 },
      ),
      granted('b', 2, { at: 90_000, from: { ...byA, holder: 'human' } }),
    ],
  ],
  [
    'a lease that a renewal made shorter',
    [
      first,
      operation(
        'a',
        { kind: 'renew', leaseId: 'a', fence: 1, ttlMs: 10 },
        { kind: 'renewed', fence: 1, expiresAt: 40 },
        { at: 25 },
      ),
    ],
  ],
  [
    'a steal that does not tell from whom, or tells another state',
    [first, granted('b', 2, { at: 12_010, from: { ...byA, expiresAt: byA.expiresAt - 1 } })],
  ],
  [
    'a grant dated before it was asked for',
    [operation('a', ask('a'), { kind: 'granted', fence: 1, expiresAt: 900 + ttlMs }, { at: 1_000 })],
  ],
  [
    'the same lease granted twice with two fences',
    [first, operation('a', ask('a'), { kind: 'granted', fence: 2, expiresAt: 25 + ttlMs }, { at: 20 })],
  ],
];

const right: readonly (readonly [string, readonly ClaimOperation[]])[] = [
  ['a steal right after the wait', [first, granted('b', 2, { at: 12_001, from: byA })]],
  [
    'a lost answer asked for again',
    [first, operation('a', ask('a'), { kind: 'granted', fence: 1, expiresAt: byA.expiresAt }, { at: 20 })],
  ],
  [
    'a grant that nobody heard of, seen by the next who asks',
    [operation('a', ask('a'), undefined, { at: 0, until: Number.POSITIVE_INFINITY }), refused('b', byA, { at: 40 })],
  ],
  [
    'a grant that nobody heard of and that never was',
    [operation('a', ask('a'), undefined, { at: 0, until: Number.POSITIVE_INFINITY }), granted('b', 1, { at: 40 })],
  ],
  [
    'a renewal that nobody heard of, seen by one who asks later',
    [
      first,
      operation('a', { kind: 'renew', leaseId: 'a', fence: 1, ttlMs }, undefined, {
        at: 500,
        until: Number.POSITIVE_INFINITY,
      }),
      refused('b', byA, { at: 600 }),
      refused('b', { ...byA, expiresAt: 600 + ttlMs }, { at: 700 }),
    ],
  ],
  [
    'an effect that nobody heard of, begun when its caller asks again',
    [
      first,
      operation('a', { kind: 'effect', leaseId: 'a', fence: 1, effect: 'comment' }, undefined, {
        at: 20,
        until: Number.POSITIVE_INFINITY,
      }),
      acted('a', 1, 'begun', { at: 500 }),
    ],
  ],
  [
    'a release that nobody heard of, before the next grant',
    [
      first,
      operation('a', { kind: 'release', leaseId: 'a', fence: 1 }, undefined, { at: 20 }),
      granted('b', 2, { at: 40 }),
    ],
  ],
  ['a release and a grant that overlap', [first, granted('b', 2, { at: 22 }), released('a', 1, { at: 20 })]],
  [
    'a release told a second time',
    [
      first,
      released('a', 1, { at: 20 }),
      operation('a', { kind: 'release', leaseId: 'a', fence: 1 }, { kind: 'already-released' }, { at: 40 }),
    ],
  ],
  [
    'the claim of a dead run taken at once',
    [
      first,
      operation(
        'b',
        ask('b'),
        { kind: 'granted', fence: 2, expiresAt: 55 + ttlMs, from: byA, toldDead: ['a'] },
        { at: 50 },
      ),
    ],
  ],
];

describe('the model of a claim', () => {
  it.each(wrong)('finds %s', (_, history) => {
    expect(judge(history)).toBe('not-linearizable');
  });

  it.each(right)('accepts %s', (_, history) => {
    expect(judge(history)).toBe('linearizable');
  });

  it('allows a refusal that may be right by a clock that is behind, and none beyond that', () => {
    expect(judge([first, refused('b', byA, { at: 13_000 })], 1_000)).toBe('linearizable');
    expect(judge([first, refused('b', byA, { at: 13_100 })], 1_000)).toBe('not-linearizable');
  });

  it('accepts whatever a sequential store answers, however the calls overlap and whoever is killed', async () => {
    const property = fc.asyncProperty(claimScript({ minLength: 20, maxLength: 60 }), async (script) => {
      const history = await sequentialClaims(script);
      expect(judge(history)).toBe('linearizable');
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('finds whatever answer is exchanged for one that cannot be', async () => {
    const property = fc.asyncProperty(claimScript({ minLength: 3, maxLength: 30 }), fc.nat(), async (script, pick) => {
      const history = await sequentialClaims(script);
      const candidates = history.flatMap((told, index) => {
        const lie = lieAbout(told);
        return lie === undefined ? [] : [{ index, lie }];
      });
      const chosen = candidates[pick % Math.max(1, candidates.length)];
      fc.pre(chosen !== undefined);
      const altered = history.map((told, index) => (index === chosen.index ? { ...told, result: chosen.lie } : told));
      expect(judge(altered)).toBe('not-linearizable');
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('says of short histories, true or altered, what trying every order says', async () => {
    const answers = { linearizable: 0, 'not-linearizable': 0, undecided: 0 };
    const property = fc.asyncProperty(
      claimScript({ minLength: 4, maxLength: 7 }),
      fc.array(fc.record({ index: fc.nat(6), other: fc.nat(6) }), { maxLength: 2 }),
      async (script, swaps) => {
        const history = [...(await sequentialClaims(script))];
        for (const { index, other } of swaps) exchangeTimes(history, index, other);
        const verdict = judge(history);
        answers[verdict] += 1;
        expect(verdict).toBe(anyOrderExplains(model, history) ? 'linearizable' : 'not-linearizable');
      },
    );
    await fc.assert(property, { numRuns: 400 });
    expect(answers['not-linearizable']).toBeGreaterThan(20);
    expect(answers.linearizable).toBeGreaterThan(20);
  });
});

/** An answer that no order can explain, whatever the others are. */
function lieAbout({ result }: ClaimOperation): ClaimAnswer | undefined {
  switch (result?.kind) {
    case 'granted':
      return { ...result, fence: result.fence + 1 };
    case 'refused':
      return { ...result, seen: { ...result.seen, leaseId: 'nobody' } };
    case 'renewed':
      return { ...result, fence: result.fence + 1 };
    case 'read':
      return { kind: 'read', seen: held('nobody', 7, 0) };
    case 'stale':
      return result.seen && { ...result, seen: { ...result.seen, leaseId: 'nobody' } };
    default:
      return undefined;
  }
}

function exchangeTimes(history: ClaimOperation[], index: number, other: number): void {
  const [a, b] = [history[index], history[other]];
  if (a === undefined || b === undefined) return;
  history[index] = { ...a, start: b.start, end: b.end };
  history[other] = { ...b, start: a.start, end: a.end };
}
