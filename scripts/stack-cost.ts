/**
 * What the stack costs, as arithmetic: list prices, what is counted in the template, and what a task is assumed to be.
 * docs/cost.md's tables are made from here (`node scripts/aws-doc.ts`).
 */

import { type PriceName, prices } from './aws-prices.ts';

export interface CostLine {
  readonly what: string;
  readonly price: PriceName;
  readonly count: number;
  /** How the count comes about. */
  readonly how: string;
  /** So many each month are free for every account for ever, when nothing else in it uses them. */
  readonly free?: number;
}

export const costOf = ({ price, count }: CostLine): number => (count * prices[price].usd) / prices[price].per;
/** What is left to pay after what AWS gives every account. */
export const costBeyondFree = (line: CostLine): number =>
  costOf({ ...line, count: Math.max(0, line.count - (line.free ?? 0)) });
export const sumOf = (lines: readonly CostLine[], cost: (line: CostLine) => number): number =>
  lines.reduce((sum, line) => sum + cost(line), 0);

/** Counted in the template and in metric-names.ts. */
export interface Counted {
  readonly keys: number;
  readonly secrets: number;
  readonly alarmMetrics: number;
  /** Figures that the sweeper writes also when nobody works. */
  readonly sweeperMetrics: number;
  readonly dashboards: number;
  readonly sweeperMemoryMb: number;
}

const minutesOfMonth = 30 * 24 * 60;

/** A month in which nobody works. */
export function idleMonth(counted: Counted): readonly CostLine[] {
  const sweepSeconds = 1;
  const sweeperGigabytes = counted.sweeperMemoryMb / 1_024;
  return [
    { what: 'KMS keys', price: 'kmsKeyMonth', count: counted.keys, how: 'data key and App key' },
    { what: 'webhook secret', price: 'secretMonth', count: counted.secrets, how: 'one' },
    {
      what: 'alarms',
      price: 'alarmMetricMonth',
      count: counted.alarmMetrics,
      free: 10,
      how: 'metrics that alarms look at',
    },
    {
      what: 'dashboard',
      price: 'dashboardMonth',
      count: counted.dashboards,
      free: 3,
      how: 'one page for all four views',
    },
    {
      what: 'own figures',
      price: 'ownMetricMonth',
      count: counted.sweeperMetrics,
      free: 10,
      how: 'at most: those that the sweeper writes',
    },
    {
      what: 'sweeper: calls',
      price: 'lambdaCall',
      count: minutesOfMonth,
      free: 1_000_000,
      how: 'one a minute, 30 days',
    },
    {
      what: 'sweeper: time',
      price: 'lambdaGigabyteSecond',
      count: minutesOfMonth * sweepSeconds * sweeperGigabytes,
      free: 400_000,
      how: `${minutesOfMonth} × ${sweepSeconds} s × ${sweeperGigabytes} GB`,
    },
    {
      what: 'sweeper: reads',
      price: 'readUnit',
      count: minutesOfMonth * 40,
      how: `${minutesOfMonth} × 40 (index partitions, cursors)`,
    },
    {
      what: 'asking the empty queue',
      price: 'sqsRequest',
      count: 5 * 3 * minutesOfMonth,
      free: 1_000_000,
      how: 'Lambda asks 5 times in 20 s',
    },
    {
      what: 'logs',
      price: 'logGigabyte',
      count: round(minutesOfMonth * 1.5e-6),
      free: 5,
      how: `${minutesOfMonth} × 1.5 KB`,
    },
  ];
}

/** One task: an issue is labelled, a workflow run works on it and ends in a pull request. */
export const assumed = {
  deliveries: 12,
  queuedDeliveries: 3,
  requests: 20,
  events: 15,
  artifacts: 5,
  artifactMegabytes: 5,
  artifactMonths: 3,
  tableKilobytes: 60,
} as const;

/**
 * A thousand tasks within a month, beyond the idle month. Of a run in Actions GitHub itself tells whether it lives; one elsewhere
 * sends `beats` signs of life, each of which renews the claim and is noted in the run.
 */
export function thousandTasks(beats = 0): readonly CostLine[] {
  const { deliveries, queuedDeliveries, requests, events, artifacts } = assumed;
  const { artifactMegabytes, artifactMonths, tableKilobytes } = assumed;
  const apiRequests = requests + 2 * beats;
  const archives = events + beats;
  // docs/dynamodb.md: the claim, with one renewal; open, note thrice, end a run and mirror and move its task; hear a delivery by
  // its body and its id, and write down its end; renewals and heartbeats.
  const claimUnits = 46;
  const recordUnits = 30;
  const heardUnits = 4;
  const units = claimUnits + recordUnits + heardUnits * queuedDeliveries + (3 + 1) * beats;
  // Transactions write at double price: the event, what it is about (task, run, repository), the end of the log, the place of its item.
  const unitsOfBeat = 2 * (2 + 3 + 1 + 2);
  const unitsOfEvent = 2 * (1 + 3 + 1 + 1);
  const logUnits = unitsOfEvent * events + unitsOfBeat * beats;
  const tasks = 1_000;
  return [
    {
      what: 'HTTP API',
      price: 'httpRequest',
      count: tasks * (deliveries + apiRequests),
      how: `${deliveries} deliveries + ${apiRequests} requests`,
    },
    {
      what: 'functions: calls',
      price: 'lambdaCall',
      count: tasks * (deliveries + apiRequests + queuedDeliveries + archives),
      how: `those requests + ${queuedDeliveries} dispatches + ${archives} archived batches`,
    },
    {
      what: 'functions: time',
      price: 'lambdaGigabyteSecond',
      count: round(
        tasks * (deliveries * 0.05 * 0.5 + apiRequests * 0.05 * 1 + queuedDeliveries * 3 * 0.5 + archives * 0.3 * 0.5),
      ),
      how: 'webhook 50 ms, API 50 ms at 1 GB, dispatch 3 s, archive 300 ms at 0.5 GB',
    },
    {
      what: 'table: claims, runs, tasks',
      price: 'writeUnit',
      count: tasks * units,
      how: `${claimUnits} for a life (docs/dynamodb.md) + ${recordUnits} of run and task + ${heardUnits} × ${queuedDeliveries} deliveries`,
    },
    {
      what: 'table: activity log',
      price: 'writeUnit',
      count: tasks * logUnits,
      how: `${unitsOfEvent} × ${events} events`,
    },
    {
      what: 'table: reads',
      price: 'readUnit',
      count: tasks * (apiRequests * 4 + archives * 8 + queuedDeliveries * 30),
      how: `4 × ${apiRequests} requests + 8 × ${archives} batches + 30 × ${queuedDeliveries} dispatches`,
    },
    {
      what: 'queue',
      price: 'sqsRequest',
      count: tasks * queuedDeliveries * 3,
      how: `send, receive and delete ${queuedDeliveries} messages`,
    },
    { what: 'keys', price: 'kmsRequest', count: tasks * 5, how: 'opening shared tokens, data keys of the table' },
    {
      what: 'files: puts',
      price: 's3Put',
      count: tasks * (1 + artifacts + archives),
      how: `the task, ${artifacts} artifacts, ${archives} archived stretches`,
    },
    { what: 'files: reads', price: 's3Get', count: tasks * 4 * (1 + artifacts), how: 'heads and downloads' },
    {
      what: 'files: kept',
      price: 's3GigabyteMonth',
      count: (tasks * artifactMegabytes * artifactMonths) / 1_000,
      how: `${artifactMegabytes} MB for ${artifactMonths} months`,
    },
    {
      what: 'table: kept',
      price: 'tableGigabyteMonth',
      count: (tasks * tableKilobytes) / 1_000_000,
      how: `${tableKilobytes} KB a task, each further month again`,
    },
    {
      what: 'logs',
      price: 'logGigabyte',
      count: round((tasks * (deliveries + apiRequests + queuedDeliveries + archives) * 1.2) / 1_000_000),
      how: '1.2 KB a call, access log with it',
    },
  ];
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
