/**
 * What the functions measure, as data: the functions write these names, the stack's alarms and dashboards read them. Each
 * is written once for what it is about; `unit` is CloudWatch's own word, `by` which function writes it.
 */
export const metricNamespace = 'EntropyPlayground';

/** In place of a function's name: a figure of the App that all write who ask GitHub much, so that an alarm looks at one. */
export const metricsOfApp = 'app';

export const metrics = {
  /** Deliveries whose signature was absent, short or wrong. */
  SignatureFailures: { unit: 'Count', by: 'webhook' },
  /** Deliveries that were taken in: a message was sent. */
  DeliveriesAccepted: { unit: 'Count', by: 'webhook' },
  /** Deliveries that were believed and concern nobody. */
  DeliveriesIgnored: { unit: 'Count', by: 'webhook' },
  /** Deliveries that were signed and could not be understood, or were too large. */
  DeliveriesRefused: { unit: 'Count', by: 'webhook' },
  /** Deliveries that could not be queued (503): the sweeper has GitHub send them again. */
  DeliveriesUnqueued: { unit: 'Count', by: 'webhook' },
  /** From the webhook's arrival to the accepted `workflow_dispatch`. */
  WebhookToDispatchMs: { unit: 'Milliseconds', by: 'dispatcher' },
  /** From the webhook's arrival to the dispatcher that takes it up: how old work grows in the queue. */
  QueueAgeMs: { unit: 'Milliseconds', by: 'dispatcher' },
  /** Runs that were started (workflows dispatched), by dispatcher and sweeper. */
  RunsDispatched: { unit: 'Count', by: 'dispatcher' },
  /** Deliveries that nothing follows from: heard before, or refused as not believable. */
  DeliveriesDropped: { unit: 'Count', by: 'dispatcher' },
  /** Work that was tried again because of a fault (GitHub, AWS); it is not lost. */
  DispatchRetries: { unit: 'Count', by: 'dispatcher' },
  /** Work that was given up after its last delivery. */
  WorkGivenUp: { unit: 'Count', by: 'dispatcher' },
  /** What is left of the installation's requests of this hour, as GitHub told it last; the least of all installations. Dispatcher and sweeper. */
  GitHubLimitLeft: { unit: 'Count', by: metricsOfApp },
  /** Runs at work that nobody heard of for longer than they promised. */
  RunsWithoutHeartbeat: { unit: 'Count', by: 'sweeper' },
  /** Runs that were dispatched and not picked up for two minutes: work without a runner. */
  StuckRuns: { unit: 'Count', by: 'sweeper' },
  /** Claims freed because their holder had died. */
  ClaimsFreed: { unit: 'Count', by: 'sweeper' },
  /** Deliveries that GitHub was asked to send again. */
  DeliveriesAskedAgain: { unit: 'Count', by: 'sweeper' },
  /** Dead letters that were told on their issue. */
  DeadLettersTold: { unit: 'Count', by: 'sweeper' },
  /** Budgets whose counters differed from the held claims twice in a row. */
  BudgetRepairs: { unit: 'Count', by: 'sweeper' },
  /** Tasks in line for room in a budget. */
  WaitingTasks: { unit: 'Count', by: 'sweeper' },
  /** Issues whose record differed from GitHub's and was brought up to date. */
  TasksReconciled: { unit: 'Count', by: 'sweeper' },
  /** Parts of a sweep that failed; the others went on. */
  SweepFaults: { unit: 'Count', by: 'sweeper' },
  /** Spent by runs that ended within the last hour, and today (UTC), over all organisations: millionths of a US dollar. */
  SpendMicroUsdHour: { unit: 'None', by: 'sweeper' },
  SpendMicroUsdDay: { unit: 'None', by: 'sweeper' },
  /** From an event to its place in the archive. */
  ArchiveLagMs: { unit: 'Milliseconds', by: 'archiver' },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export interface MetricDefinition {
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  readonly by: 'webhook' | 'dispatcher' | 'api' | 'sweeper' | 'archiver' | typeof metricsOfApp;
}

export type MetricName = keyof typeof metrics;
