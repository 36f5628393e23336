import { drawFrom } from '../fakes/seeded-numbers.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { askAtTheEnd } from './claims-load/ask-at-the-end.ts';
import { hostStore, type StoreName, storeNames } from './claims-load/host-store.ts';
import { type Judgement, judgeLoad } from './claims-load/judge-load.ts';
import { runLoad } from './claims-load/run-load.ts';
import { newSharedTime } from './claims-load/shared-clock.ts';
import { countFlag, type Figure, type FigureFlags, type FigureOptions } from './figure.ts';

export const options: FigureFlags = {
  store: { kind: 'choice', of: storeNames },
  attempts: { kind: 'count' },
  contenders: { kind: 'count' },
  processes: { kind: 'count' },
  keys: { kind: 'count' },
  seed: { kind: 'count' },
  speed: { kind: 'count' },
};

const never = Number.POSITIVE_INFINITY;
const million = 1_000_000;

/** SQLite's attempts are what the design asks for; the others make as many as fit their time. */
const usual: Readonly<Record<StoreName, Usual>> = {
  sqlite: {
    attempts: million,
    atMostSeconds: never,
    processes: 2,
    keys: 64,
    speed: 50,
    skewMs: 1_950,
    resentAfterMs: never,
  },
  dynamodb: {
    attempts: million,
    atMostSeconds: 220,
    processes: 4,
    keys: 64,
    speed: 3,
    skewMs: 1_950,
    resentAfterMs: 2_000,
  },
  'dynamodb-moto': {
    attempts: million,
    atMostSeconds: 220,
    processes: 4,
    keys: 64,
    speed: 2,
    skewMs: 1_950,
    resentAfterMs: 2_000,
  },
  'git-refs': {
    attempts: million,
    atMostSeconds: 220,
    processes: 4,
    keys: 32,
    speed: 2,
    skewMs: 1_950,
    resentAfterMs: 30_000,
  },
  // The coordinator's clock is the only one.
  http: { attempts: million, atMostSeconds: 220, processes: 4, keys: 64, speed: 5, skewMs: 0, resentAfterMs: never },
};

interface Usual {
  readonly attempts: number;
  /** Without `--attempts`. */
  readonly atMostSeconds: number;
  /** SQLite's go by the cores: every one more fights for the one lock of the file. */
  readonly processes: number;
  readonly keys: number;
  /** How much faster than the machine's the time of the leases runs. */
  readonly speed: number;
  readonly skewMs: number;
  /** How long its client waits for an answer before it asks again; requests with a key of their own are done once while the server lives. */
  readonly resentAfterMs: number;
}

const ttlMs = 6_000;
const quickly = { attempts: 20_000, atMostSeconds: 15, kills: 4 };
const kills = 16;

/**
 * Contenders in several processes, killed and started anew, on one store: who asks, holds, renews, forgets, comes back too
 * late, takes over. Every call is on record before it is made; then each key's history is judged by the checker, and the
 * fences by themselves. Without `--store` every store, one after the other.
 */
export const figure: Figure = async (figureOptions) => {
  const store = storeNames.find((name) => name === figureOptions.flags['store']);
  const figures: Record<string, unknown> = {};
  let ok = true;
  for (const name of store === undefined ? storeNames : [store]) {
    const result = await contended(name, figureOptions);
    if ('missing' in result) {
      const fix = `${result.fix}; the others: --store ${storeNames.filter((other) => other !== name).join(' | ')}`;
      return { kind: 'missing', what: `${name}: ${result.missing}`, fix };
    }
    figures[name] = result.figures;
    ok &&= result.ok;
  }
  const none = { doubleGrants: 0, fencesNotRising: 0, holdersAtOnce: 0, linearizable: 'all histories' };
  const limits = store === undefined ? Object.fromEntries(storeNames.map((name) => [name, none])) : none;
  return { kind: 'measured', ok, figures: store === undefined ? figures : (figures[store] as typeof figures), limits };
};

async function contended(name: StoreName, figureOptions: FigureOptions) {
  const { quick, flags } = figureOptions;
  const { skewMs, resentAfterMs, ...rest } = usual[name];
  const asked = flags['attempts'] !== undefined;
  const attempts = countFlag(figureOptions, 'attempts', quick ? quickly.attempts : rest.attempts);
  const atMostSeconds = asked ? never : quick ? quickly.atMostSeconds : rest.atMostSeconds;
  const contenders = countFlag(figureOptions, 'contenders', 64);
  const processes = Math.min(contenders, countFlag(figureOptions, 'processes', rest.processes));
  const keys = countFlag(figureOptions, 'keys', rest.keys);
  const speed = countFlag(figureOptions, 'speed', rest.speed);
  const seed = countFlag(figureOptions, 'seed', 20_261_121);
  const progress = (line: string) => figureOptions.progress(`${name}: ${line}`);
  const shares = Math.min(keys, 1 + Math.floor(attempts / 150_000));

  using folder = tempFolder();
  const time = newSharedTime(speed);
  const host = await hostStore(name, { folder: folder.root, time });
  if ('missing' in host) return host;
  await using served = host;
  const started = performance.now();
  const end = await runLoad({
    ...{ host: served, time, skewMs, attempts, contenders, processes, keys, ttlMs, seed, shares, progress },
    folder: folder.root,
    atMostSeconds,
    kills: quick ? quickly.kills : kills,
    draw: drawFrom(seed),
  });
  const seconds = (performance.now() - started) / 1_000;
  const last = await askAtTheEnd({ place: served.place, time, keys });
  const judging = performance.now();
  const lateEffects = name !== 'sqlite';
  const judgement = judgeLoad({
    ...end,
    last,
    clockErrorMs: skewMs + 1,
    lateEffects,
    shares,
    progress,
    resentAfterMs: resentAfterMs * speed,
  });
  const { evidence, ...judged } = judgement;
  return {
    ok: holds(judgement) && (atMostSeconds < never || evidence.attempts >= attempts),
    figures: {
      on: served.told,
      contenders,
      processes,
      keys,
      seed,
      speed,
      clockSkewMs: skewMs,
      ...evidence,
      ...judged,
      serverKills: end.crashes.length,
      kills: end.ends.filter(({ how }) => how === 'killed').length,
      attemptsPerSecond: Math.round(evidence.attempts / seconds),
      seconds: Math.round(seconds),
      judgedInSeconds: Math.round((performance.now() - judging) / 100) / 10,
    },
  };
}

function holds({ evidence, histories, linearizable }: Judgement): boolean {
  const { doubleGrants, fencesNotRising, holdersAtOnce, granted } = evidence;
  return doubleGrants + fencesNotRising + holdersAtOnce === 0 && linearizable === histories && granted > 0;
}
