import { afterEach, describe, expect, it, vi } from 'vitest';
import { openFunctionLog } from '../../../../src/runtime/aws/function-log.ts';
import { metricNamespace } from '../../../../src/runtime/aws/metric-names.ts';

afterEach(() => vi.restoreAllMocks());

function linesTold(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  return lines;
}

describe('what a function tells', () => {
  it('is told apart by function and stack, so that two stacks in one region do not raise each other’s alarms', () => {
    const lines = linesTold();
    const log = openFunctionLog({ name: 'webhook', stack: 'agents-test', logLevel: 'INFO' });
    log.count('SignatureFailures');
    log.flush();
    const told = lines.map((line) => JSON.parse(line)).find((line) => '_aws' in line);
    expect(told).toMatchObject({ service: 'webhook', stack: 'agents-test', SignatureFailures: 1 });
    const [metrics] = told._aws.CloudWatchMetrics;
    expect(metrics.Namespace).toBe(metricNamespace);
    expect([...metrics.Dimensions[0]].sort()).toEqual(['service', 'stack']);
  });

  it('is one figure whoever writes it, where it is about the App, so that one alarm sees all of it', () => {
    const lines = linesTold();
    for (const name of ['dispatcher', 'sweeper'] as const) {
      const log = openFunctionLog({ name, stack: 'agents-test', logLevel: 'INFO' });
      log.count('GitHubLimitLeft', 900);
      log.count('RunsDispatched');
      log.flush();
    }
    const told = lines.map((line) => JSON.parse(line)).filter((line) => '_aws' in line);
    const limits = told.filter((line) => 'GitHubLimitLeft' in line);
    expect(limits.map(({ service, stack }) => [service, stack])).toEqual(Array(2).fill(['app', 'agents-test']));
    expect(told.filter((line) => 'RunsDispatched' in line).map(({ service }) => service)).toEqual([
      'dispatcher',
      'sweeper',
    ]);
  });
});
