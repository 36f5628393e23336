import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { FunctionName } from './aws-names.ts';
import type { LogLevel } from './aws-settings.ts';
import { type MetricName, metricNamespace, metrics, metricsOfApp } from './metric-names.ts';

/** Names and plain values: never a secret, a computed signature or a body. The line's own names are dropped by the logger. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>> & {
  readonly [name in 'level' | 'message' | 'timestamp' | 'service' | 'sampling_rate']?: never;
};

/** What a function tells: one JSON object a line, and figures in CloudWatch's embedded metric format. */
export interface FunctionLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** With the error's code, its causes and what to do. */
  error(message: string, error: unknown, fields?: LogFields): void;
  /** Kept until `flush`. */
  count(metric: MetricName, value?: number): void;
  /** At the end of each invocation, so that no figure waits for the next one. */
  flush(): void;
}

export interface FunctionLogOptions {
  readonly name: FunctionName;
  readonly stack: string;
  readonly logLevel: LogLevel;
}

export function openFunctionLog({ name, stack, logLevel }: FunctionLogOptions): FunctionLog {
  const logger = new Logger({ serviceName: name, logLevel });
  const figuresOf = (serviceName: string) =>
    new Metrics({ namespace: metricNamespace, serviceName, defaultDimensions: { stack } });
  const [figures, shared] = [figuresOf(name), figuresOf(metricsOfApp)];
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, error, fields = {}) => logger.error(message, { ...fields, ...errorFields(error) }),
    count: (metric, value = 1) => {
      const { unit, by } = metrics[metric];
      (by === metricsOfApp ? shared : figures).addMetric(metric, unit, value);
    },
    flush: () => {
      for (const each of [figures, shared]) if (each.hasStoredMetrics()) each.publishStoredMetrics();
    },
  };
}

function errorFields(error: unknown): LogFields {
  if (!(error instanceof EntropyError)) {
    return { fault: describeError(error), stack: error instanceof Error ? error.stack : undefined };
  }
  const { code, fix, why, retryable } = error;
  return { code, fault: describeError(error), why, fix, retryable };
}
