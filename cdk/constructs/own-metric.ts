import { Aws, Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, metricNamespace, metrics } from '../../src/runtime/aws/metric-names.ts';

export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average' | 'p50' | 'p95' | 'p99';

interface OwnMetricOptions {
  readonly statistic: Statistic;
  readonly minutes?: number;
  /** Of a metric that more than one function writes. */
  readonly by?: (typeof metrics)[MetricName]['by'];
  readonly label?: string;
}

/** A metric that our functions write, each under its own name as `service` and under the stack's. */
export function ownMetric(
  name: MetricName,
  { statistic, minutes = 1, by = metrics[name].by, label }: OwnMetricOptions,
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap: { service: by, stack: Aws.STACK_NAME },
    statistic,
    period: Duration.minutes(minutes),
    ...(label !== undefined && { label }),
  });
}
