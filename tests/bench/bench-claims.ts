import { dynamoDbLocal } from '../fakes/dynamodb-server.ts';
import { measureClaims, measureRawCommits, type SpeedOptions, type SpeedRun } from './claims-speed.ts';
import { countDynamoRequests } from './dynamo-requests.ts';
import { type Figure, type FigureOptions, spread } from './figure.ts';
import { countGitRefsRequests } from './git-refs-requests.ts';
import { tail } from './tail.ts';

const cases = {
  alone: { contenders: 1, keys: 'own', budgets: false },
  aloneWithBudgets: { contenders: 1, keys: 'own', budgets: true },
  many: { contenders: 64, keys: 'own', budgets: false },
  manyWithBudgets: { contenders: 64, keys: 'own', budgets: true },
  manyOnOneKey: { contenders: 64, keys: 'one', budgets: false },
} as const satisfies Record<string, Omit<SpeedOptions, 'attempts'>>;
type CaseName = keyof typeof cases;
const caseNames = [
  'alone',
  'aloneWithBudgets',
  'many',
  'manyWithBudgets',
  'manyOnOneKey',
] as const satisfies CaseName[];

/**
 * Acquire and release on SQLite: one writer process, `synchronous=FULL`, every transition with its event. Beside it, in
 * turns with it, what the same disk allows with bare inserts, so that the ratio tells of the store and not of the disk.
 * And how many requests one acquire costs over DynamoDB and GitHub.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const rounds = quick ? 2 : 5;
  const runs = new Map<CaseName, SpeedRun[]>(caseNames.map((name) => [name, []]));
  const raw: number[] = [];
  const rawGrouped: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`);
    raw.push(measureRawCommits({ commits: quick ? 300 : 2_000, rows: 1 }));
    rawGrouped.push(measureRawCommits({ commits: quick ? 30 : 200, rows: 64 }) * 64);
    for (const name of caseNames) {
      const attempts = (quick ? 200 : 1_500) * (cases[name].contenders === 1 ? 1 : 8);
      runs.get(name)?.push(await measureClaims({ ...cases[name], attempts }));
    }
  }
  const [gitRefs, dynamodb] = [await countGitRefsRequests(), await dynamoRequests(progress)];
  const shown = Object.fromEntries(caseNames.map((name) => [name, shownRuns(runs.get(name) ?? [])]));
  const oneRequest = dynamodb.kind === 'missing' || dynamodb.requests.acquire.length === 1;
  return {
    kind: 'measured',
    ok: oneRequest && gitRefs.acquire.length <= 3,
    figures: {
      sqlite: shown,
      rawCommitsPerSecond: spread(raw),
      rawRowsPerSecond64ToACommit: spread(rawGrouped),
      // Two commits a pair: what part of the bare disk's rate is left with claims, events and rules.
      shareOfRawAlone: ratio(runs.get('alone') ?? [], raw, 2),
      groupCommitGain: ratioOfMedians(pairsPerSecond(runs.get('many') ?? []), pairsPerSecond(runs.get('alone') ?? [])),
      requests: { dynamodb, gitRefs },
    },
    limits: { dynamodbRequestsPerAcquire: 1, gitRefsRequestsPerAcquire: '≤ 2 writes + 1 read' },
  };
};

function shownRuns(runs: readonly SpeedRun[]) {
  const grants = runs.reduce((sum, run) => sum + run.grants, 0);
  const commits = runs.reduce((sum, run) => sum + run.commits, 0);
  return {
    acquireAndReleasePerSecond: spread(pairsPerSecond(runs)),
    acquireMs: tail(runs.flatMap((run) => run.acquireMs)),
    changesPerCommit: Math.round((20 * grants) / commits) / 10,
  };
}

function pairsPerSecond(runs: readonly SpeedRun[]): number[] {
  return runs.map(({ grants, seconds }) => Math.round(grants / seconds));
}

/** Pair by pair of one round, so that a slow moment of the disk hits both sides. */
function ratio(runs: readonly SpeedRun[], raw: readonly number[], commits: number) {
  return spread(runs.map((run, round) => (commits * run.grants) / run.seconds / (raw[round] ?? Number.NaN)));
}

function ratioOfMedians(many: readonly number[], alone: readonly number[]): number {
  return Math.round((10 * spread(many).median) / spread(alone).median) / 10;
}

type DynamoFigure =
  | { readonly kind: 'counted'; readonly requests: Awaited<ReturnType<typeof countDynamoRequests>> }
  | { readonly kind: 'missing'; readonly fix: string };

async function dynamoRequests(progress: FigureOptions['progress']): Promise<DynamoFigure> {
  const fix = dynamoDbLocal.missing();
  if (fix !== undefined) {
    progress(`DynamoDB's requests are not counted: ${fix}`);
    return { kind: 'missing', fix };
  }
  await using server = await dynamoDbLocal.start();
  return { kind: 'counted', requests: await countDynamoRequests(server.endpoint) };
}
