import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';

export const faults = ['request-lost', 'answer-lost', 'throttled', 'failed', 'killed-before', 'killed-after'] as const;
/** What becomes of one request of a function on its way to a service. */
export type Fault = (typeof faults)[number];

export interface PlannedCall {
  /** A function, and one of the processes that it runs in. */
  readonly caller: string;
  readonly process: string;
  /** `dynamodb UpdateItem`, `github POST /repos/{}/{}/issues/{n}/comments`. */
  readonly operation: string;
}

export interface FaultPlan {
  /** Undefined: it passes. */
  decide(call: PlannedCall): Fault | undefined;
  /** Nothing more happens. */
  end(): void;
  readonly calls: () => number;
  /** By caller and operation: how often it was called, and what became of it. */
  readonly hits: ReadonlyMap<string, Hits>;
}

export interface Hits extends Readonly<Record<Fault, number>> {
  readonly calls: number;
}

export interface FaultRates {
  /** Of each kind that is no kill, among all calls. */
  readonly each: number;
  /** Kills among all calls. */
  readonly kill: number;
  /** A kind of call that was not killed before, and after, is so with this probability. */
  readonly firstKill: number;
  /** So many calls lie at least between two kills of one process: who is always killed does nothing. */
  readonly callsBetweenKills: number;
}

/** After so many calls of a function it is known which are rare: less than one in so many. A sweep makes few calls in all. */
const knownAfter = 300;
const rareShare = 40;
/** Called less often than this so far, a kind is killed around until it was, before and after: there may be no other chance. */
const scarceCalls = 30;
/** Between two kills of one process there is always something done. */
const leastBetweenKills = 5;
/** A kind that is called less often may end without a kill before and one after. */
const judgedFrom = 4;

/** The same decisions for the same seed and the same calls; which calls there are is up to the processes. */
export function planFaults(seed: number, rates: FaultRates): FaultPlan {
  const draw = drawFrom(seed);
  const hits = new Map<string, Record<Fault | 'calls', number>>();
  const sinceKill = new Map<string, number>();
  const totals = new Map<string, number>();
  let calls = 0;
  let isOver = false;
  return {
    calls: () => calls,
    hits,
    end: () => {
      isOver = true;
    },
    decide: ({ caller, process, operation }) => {
      if (isOver) return undefined;
      calls += 1;
      const key = `${caller} ${operation}`;
      const known = hits.get(key) ?? noHits();
      hits.set(key, known);
      known.calls += 1;
      const total = (totals.get(caller) ?? 0) + 1;
      totals.set(caller, total);
      const since = (sinceKill.get(process) ?? rates.callsBetweenKills) + 1;
      sinceKill.set(process, since);
      // What is seldom called is hunted, when it is known to be.
      const isRare = total > knownAfter && known.calls * rareShare < total;
      const isScarce = isRare && known.calls < scarceCalls;
      const mayKill = since > (isScarce ? leastBetweenKills : rates.callsBetweenKills / (isRare ? 4 : 1));
      const hunting = isRare ? { ...rates, firstKill: isScarce ? 1 : rates.firstKill * 4 } : rates;
      const fault = (mayKill ? killOf(draw, known, hunting) : undefined) ?? otherOf(draw, rates);
      if (fault === undefined) return undefined;
      known[fault] += 1;
      if (fault === 'killed-before' || fault === 'killed-after') sinceKill.set(process, 0);
      return fault;
    },
  };
}

function killOf(draw: Draw, known: Hits, { kill, firstKill }: FaultRates): Fault | undefined {
  if (known['killed-before'] === 0 && draw.chance(firstKill)) return 'killed-before';
  if (known['killed-after'] === 0 && draw.chance(firstKill)) return 'killed-after';
  return draw.chance(kill) ? draw.one(['killed-before', 'killed-after']) : undefined;
}

function otherOf(draw: Draw, { each }: FaultRates): Fault | undefined {
  const others = ['request-lost', 'answer-lost', 'throttled', 'failed'] as const;
  return draw.chance(each * others.length) ? draw.one(others) : undefined;
}

/** Kinds of calls to AWS around which no process was ended yet, though there were some chances. */
export function neverKilled({ hits }: Pick<FaultPlan, 'hits'>): readonly string[] {
  return [...hits]
    .filter(([kind, { calls }]) => !kind.includes(' github ') && calls >= judgedFrom)
    .filter(([, known]) => known['killed-before'] === 0 || known['killed-after'] === 0)
    .map(([kind, { calls }]) => `${kind} (${calls} calls)`)
    .sort();
}

function noHits(): Record<Fault | 'calls', number> {
  const none = Object.fromEntries(faults.map((fault) => [fault, 0])) as Record<Fault, number>;
  return { ...none, calls: 0 };
}
