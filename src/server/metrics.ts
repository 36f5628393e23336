/** Upper ends of the buckets, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Latency {
  readonly counts: number[];
  sum: number;
  count: number;
}

export interface Metrics {
  /** `endpoint` is an operation's id or `none`, so the number of series is bounded whatever is asked for. */
  observe(endpoint: string, status: number, seconds: number): void;
  render(gauges: readonly Gauge[]): string;
}

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Prometheus' text format, version 0.0.4. */
export const metricsMediaType = 'text/plain; version=0.0.4; charset=utf-8';

export function createMetrics(): Metrics {
  const requests = new Map<string, { readonly endpoint: string; readonly status: string; count: number }>();
  const latencies = new Map<string, Latency>();

  return {
    observe: (endpoint, status, seconds) => {
      const kind = `${Math.floor(status / 100)}xx`;
      const name = `${endpoint} ${kind}`;
      const seen = requests.get(name) ?? { endpoint, status: kind, count: 0 };
      seen.count += 1;
      requests.set(name, seen);
      const latency = latencies.get(endpoint) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 };
      buckets.forEach((bound, index) => {
        if (seconds <= bound) latency.counts[index] = (latency.counts[index] ?? 0) + 1;
      });
      latency.sum += seconds;
      latency.count += 1;
      latencies.set(endpoint, latency);
    },

    render: (gauges) => {
      const total: Gauge = {
        name: 'entropy_requests_total',
        help: 'Requests by endpoint and class of the answer.',
        values: [...requests.values()].map(({ endpoint, status, count }) => ({
          labels: { endpoint, status },
          value: count,
        })),
      };
      const lines = [
        ...metricLines(total, 'counter'),
        '# HELP entropy_request_seconds How long requests took.',
        '# TYPE entropy_request_seconds histogram',
        ...[...latencies].flatMap(([endpoint, latency]) => latencyLines(endpoint, latency)),
        ...gauges.flatMap((gauge) => metricLines(gauge, 'gauge')),
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}

function metricLines({ name, help, values }: Gauge, type: 'counter' | 'gauge'): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}`),
  ];
}

function latencyLines(endpoint: string, { counts, sum, count }: Latency): string[] {
  const name = 'entropy_request_seconds';
  return [
    ...buckets.map(
      (bound, index) => `${name}_bucket${labelText({ endpoint, le: String(bound) })} ${counts[index] ?? 0}`,
    ),
    `${name}_bucket${labelText({ endpoint, le: '+Inf' })} ${count}`,
    `${name}_sum${labelText({ endpoint })} ${sum}`,
    `${name}_count${labelText({ endpoint })} ${count}`,
  ];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${escaped}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
