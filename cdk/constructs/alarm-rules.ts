import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionName } from '../../src/runtime/aws/aws-names.ts';
import type { StackSettings } from '../stack-settings.ts';
import type { CoordinationTable } from './coordination-table.ts';
import type { HttpEndpoint } from './http-endpoint.ts';
import { ownMetric } from './own-metric.ts';
import type { StackFunction } from './stack-function.ts';
import type { TaskQueue } from './task-queue.ts';

/** What alarms and dashboard look at. */
export interface Watched {
  readonly settings: StackSettings;
  readonly functions: Readonly<Record<FunctionName, StackFunction>>;
  readonly table: CoordinationTable;
  readonly tasks: TaskQueue;
  /** What the archiver never took from the stream. */
  readonly failures: Queue;
  readonly endpoint: HttpEndpoint;
}

export interface AlarmRule {
  /** Part of the alarm's name, and its heading in docs/runbook.md. */
  readonly name: string;
  /** Begins the alarm's description. */
  readonly says: string;
  readonly metric: IMetric;
  readonly is: 'above' | 'below';
  readonly threshold: number;
  /** So many periods of the metric in a row; 1 when absent. */
  readonly periods?: number;
  /** Of functions that cannot be silent while all is well: no figure is as bad as a wrong one. */
  readonly silence?: 'bad';
}

const everyMinute = { period: Duration.minutes(1) } as const;
const microUsd = 1_000_000;

/** Every alarm of the stack. Each has a section in docs/runbook.md. */
export function alarmRules(watched: Watched): readonly AlarmRule[] {
  return [...workRules(watched), ...spendRules(watched), ...functionRules(watched), ...archiveRules(watched)];
}

function workRules({ tasks }: Watched): readonly AlarmRule[] {
  const max = { statistic: 'Maximum' } as const;
  return [
    {
      name: 'dead-letters',
      says: 'Work was given up and lies among the dead letters',
      metric: tasks.deadLetters.metricApproximateNumberOfMessagesVisible({ ...everyMinute, ...max }),
      is: 'above',
      threshold: 0,
    },
    {
      name: 'oldest-message',
      says: 'The oldest message waits for the dispatcher for more than 60 s',
      metric: tasks.queue.metricApproximateAgeOfOldestMessage({ ...everyMinute, ...max }),
      is: 'above',
      threshold: 60,
      periods: 2,
    },
    {
      name: 'work-without-runner',
      says: 'A run was dispatched and nobody picked it up for more than 120 s',
      metric: ownMetric('StuckRuns', max),
      is: 'above',
      threshold: 0,
    },
    {
      name: 'run-without-heartbeat',
      says: 'A run at work was not heard of for more than 3 minutes',
      metric: ownMetric('RunsWithoutHeartbeat', max),
      is: 'above',
      threshold: 0,
    },
    {
      name: 'signature-failures',
      says: 'More than 5 deliveries in 5 minutes had no right signature',
      metric: ownMetric('SignatureFailures', { statistic: 'Sum', minutes: 5 }),
      is: 'above',
      threshold: 5,
    },
    {
      name: 'github-limit',
      says: 'An installation has fewer than 1,000 requests to GitHub left in this hour',
      metric: ownMetric('GitHubLimitLeft', { statistic: 'Minimum', minutes: 5 }),
      is: 'below',
      threshold: 1_000,
    },
    {
      name: 'budget-repairs',
      says: 'A budget did not agree with the claims that are held, and was mended',
      metric: ownMetric('BudgetRepairs', { statistic: 'Sum', minutes: 5 }),
      is: 'above',
      threshold: 0,
    },
  ];
}

function spendRules({ settings }: Watched): readonly AlarmRule[] {
  const { spendPerHourUsd, spendPerDayUsd } = settings;
  return [
    {
      name: 'spend-hour',
      says: `Models cost more than ${spendPerHourUsd} USD within an hour`,
      metric: ownMetric('SpendMicroUsdHour', { statistic: 'Maximum', minutes: 5 }),
      is: 'above',
      threshold: spendPerHourUsd * microUsd,
    },
    {
      name: 'spend-day',
      says: `Models cost more than ${spendPerDayUsd} USD today (UTC)`,
      metric: ownMetric('SpendMicroUsdDay', { statistic: 'Maximum', minutes: 5 }),
      is: 'above',
      threshold: spendPerDayUsd * microUsd,
    },
  ];
}

function functionRules({ functions, table, endpoint }: Watched): readonly AlarmRule[] {
  const sum = { ...everyMinute, statistic: 'Sum' } as const;
  const tableEvents = (metricName: string): Metric => table.table.metric(metricName, sum);
  return [
    {
      name: 'http-5xx',
      says: 'The HTTP API answered with 5xx at least 5 times in 5 minutes',
      metric: endpoint.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      is: 'above',
      threshold: 4,
    },
    {
      name: 'function-errors',
      says: 'A function ended with an error at least 3 times in 5 minutes',
      metric: ofAll(functions, 5, (each) => each.lambda.metricErrors()),
      is: 'above',
      threshold: 2,
    },
    {
      name: 'function-throttles',
      says: 'Calls of functions were turned away, since too many ran at the same time',
      metric: ofAll(functions, 1, (each) => each.lambda.metricThrottles()),
      is: 'above',
      threshold: 0,
      periods: 2,
    },
    {
      name: 'table-throttles',
      says: 'DynamoDB turned requests away',
      metric: added('throttled', 1, { r: tableEvents('ReadThrottleEvents'), w: tableEvents('WriteThrottleEvents') }),
      is: 'above',
      threshold: 0,
      periods: 3,
    },
    {
      name: 'sweeper-silent',
      says: 'The sweeper was not called for 5 minutes',
      metric: functions.sweeper.lambda.metricInvocations({ ...sum, period: Duration.minutes(5) }),
      is: 'below',
      threshold: 1,
      silence: 'bad',
    },
    {
      name: 'sweep-faults',
      says: 'Parts of the sweep failed in three minutes in a row',
      metric: ownMetric('SweepFaults', { statistic: 'Sum' }),
      is: 'above',
      threshold: 0,
      periods: 3,
    },
  ];
}

function archiveRules({ functions, failures }: Watched): readonly AlarmRule[] {
  return [
    {
      name: 'archive-lag',
      says: 'Changes of the table wait for the archiver for more than 5 minutes',
      metric: functions.archiver.lambda.metric('IteratorAge', { ...everyMinute, statistic: 'Maximum' }),
      is: 'above',
      threshold: 5 * 60_000,
    },
    {
      name: 'archive-failures',
      says: 'The archiver gave up changes of the table: they are missing from the archive',
      metric: failures.metricApproximateNumberOfMessagesVisible({ ...everyMinute, statistic: 'Maximum' }),
      is: 'above',
      threshold: 0,
    },
  ];
}

/** One figure of all functions, each of which costs as much as an alarm of its own would. */
function ofAll(
  functions: Watched['functions'],
  minutes: number,
  metricOf: (each: StackFunction) => Metric,
): MathExpression {
  const usingMetrics = Object.fromEntries(Object.entries(functions).map(([name, each]) => [name, metricOf(each)]));
  return added('all functions', minutes, usingMetrics);
}

/** CloudWatch knows no zero: what did not happen is no figure, and a sum with a figure that is missing is missing too. */
function added(label: string, minutes: number, usingMetrics: Readonly<Record<string, Metric>>): MathExpression {
  const period = Duration.minutes(minutes);
  return new MathExpression({ expression: 'SUM(FILL(METRICS(), 0))', label, usingMetrics, period });
}

export const treatMissing = (rule: AlarmRule): TreatMissingData =>
  rule.silence === 'bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;
