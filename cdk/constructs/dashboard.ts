import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './alarm-rules.ts';
import type { Alarms } from './alarms.ts';
import { ownMetric } from './own-metric.ts';

interface FleetDashboardProps extends Watched {
  readonly alarms: Alarms;
}

interface Graph {
  readonly title: string;
  readonly left: readonly IMetric[];
  readonly unit: string;
}

interface View {
  readonly title: string;
  readonly about: string;
  readonly graphs: readonly Graph[];
}

const minutes = 5;
const sum = { statistic: 'Sum', minutes } as const;
const max = { statistic: 'Maximum', minutes } as const;
const period = Duration.minutes(minutes);

/**
 * Four views on one page: fleet, economics, queues and claims, audit health. One page, since an account has three for
 * nothing and pays three dollars a month for each further one (docs/cost.md).
 */
export class FleetDashboard extends Construct {
  constructor(scope: Construct, id: string, { alarms, ...watched }: FleetDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: watched.settings.stackName,
      defaultInterval: Duration.hours(12),
    });
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms.all], width: 24, height: 3 }));
    for (const view of [fleet(watched), economics(watched), queuesAndClaims(watched), auditHealth(watched)])
      for (const row of rowsOf(view)) dashboard.addWidgets(...row);
  }
}

function rowsOf({ title, about, graphs }: View): readonly (readonly IWidget[])[] {
  const heading = new TextWidget({ markdown: `## ${title}\n${about}`, width: 24, height: 2 });
  const drawn = graphs.map(
    ({ title: name, left, unit }) =>
      new GraphWidget({
        title: name,
        left: [...left],
        leftYAxis: { label: unit, showUnits: false, min: 0 },
        width: 24 / graphs.length,
        height: 6,
      }),
  );
  return [[heading], drawn];
}

function fleet({ functions }: Watched): View {
  return {
    title: 'Fleet',
    about: 'Runs that were started, and how fast: from the webhook to the dispatched workflow.',
    graphs: [
      {
        title: 'Runs started',
        unit: 'runs',
        left: [
          ownMetric('RunsDispatched', { ...sum, label: 'by the dispatcher' }),
          ownMetric('RunsDispatched', { ...sum, by: 'sweeper', label: 'again, by the sweeper' }),
          ownMetric('DeliveriesAccepted', sum),
        ],
      },
      {
        title: 'From webhook to dispatch',
        unit: 'ms',
        left: [
          ...(['p50', 'p95'] as const).map((statistic) => ownMetric('WebhookToDispatchMs', { statistic, minutes })),
          ownMetric('QueueAgeMs', { statistic: 'p95', minutes }),
        ],
      },
      {
        title: 'Runs that nobody hears of',
        unit: 'runs',
        left: [ownMetric('StuckRuns', max), ownMetric('RunsWithoutHeartbeat', max)],
      },
      {
        title: 'Errors of functions',
        unit: 'errors',
        left: Object.values(functions).map(({ name, lambda }) => lambda.metricErrors({ period, label: name })),
      },
    ],
  };
}

function economics({ settings, table }: Watched): View {
  const { spendPerHourUsd, spendPerDayUsd } = settings;
  return {
    title: 'Economics',
    about: `Millionths of a US dollar for models; alarms at ${spendPerHourUsd} USD an hour and ${spendPerDayUsd} USD a day.`,
    graphs: [
      { title: 'Spent within an hour', unit: '10⁻⁶ USD', left: [ownMetric('SpendMicroUsdHour', max)] },
      { title: 'Spent today', unit: '10⁻⁶ USD', left: [ownMetric('SpendMicroUsdDay', max)] },
      { title: 'In line for a budget', unit: 'tasks', left: [ownMetric('WaitingTasks', max)] },
      {
        title: 'Units of the table',
        unit: 'units',
        left: [
          table.table.metricConsumedReadCapacityUnits({ period }),
          table.table.metricConsumedWriteCapacityUnits({ period }),
        ],
      },
    ],
  };
}

function queuesAndClaims({ tasks }: Watched): View {
  return {
    title: 'Queues and claims',
    about: 'Work that waits, work that was given up, and claims whose holder had died.',
    graphs: [
      {
        title: 'Messages',
        unit: 'messages',
        left: [
          tasks.queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label: 'waiting' }),
          tasks.queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: 'Maximum', label: 'at work' }),
          tasks.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label: 'dead' }),
          ownMetric('DispatchRetries', { ...sum, label: 'tried again' }),
          ownMetric('WorkGivenUp', { ...sum, label: 'given up' }),
        ],
      },
      {
        title: 'Oldest message',
        unit: 's',
        left: [tasks.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' })],
      },
      {
        title: 'Repairs of the sweeper',
        unit: 'times',
        left: (
          [
            'ClaimsFreed',
            'BudgetRepairs',
            'DeliveriesAskedAgain',
            'TasksReconciled',
            'DeadLettersTold',
            'SweepFaults',
          ] as const
        ).map((name) => ownMetric(name, sum)),
      },
      {
        title: "GitHub's limit: left",
        unit: 'requests',
        left: [ownMetric('GitHubLimitLeft', { statistic: 'Minimum', minutes })],
      },
    ],
  };
}

function auditHealth({ functions, failures }: Watched): View {
  return {
    title: 'Audit health',
    about: 'How far the archive is behind the table, and what it never took.',
    graphs: [
      {
        title: 'Behind the table',
        unit: 'ms',
        left: [
          functions.archiver.lambda.metric('IteratorAge', { period, statistic: 'Maximum', label: 'stream' }),
          ownMetric('ArchiveLagMs', max),
        ],
      },
      {
        title: 'Given up',
        unit: 'batches',
        left: [failures.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' })],
      },
      {
        title: 'Deliveries that nothing followed from',
        unit: 'deliveries',
        left: (
          [
            'SignatureFailures',
            'DeliveriesRefused',
            'DeliveriesUnqueued',
            'DeliveriesIgnored',
            'DeliveriesDropped',
          ] as const
        ).map((name) => ownMetric(name, sum)),
      },
    ],
  };
}
