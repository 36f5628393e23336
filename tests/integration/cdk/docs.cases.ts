import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingNames, settingShapes } from '../../../cdk/stack-settings.ts';
import { filledPage, pages } from '../../../scripts/aws-doc.ts';
import { prices } from '../../../scripts/aws-prices.ts';
import { assumed, costBeyondFree, costOf, sumOf, thousandTasks } from '../../../scripts/stack-cost.ts';
import { metricNamespace, metrics, metricsOfApp } from '../../../src/runtime/aws/metric-names.ts';
import { standardStack } from '../../fakes/synthesised-stack.ts';
import { resourcesOf } from '../../fakes/template-values.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const template = standardStack();
const runbook = readFileSync(path.join(root, 'docs/runbook.md'), 'utf8');

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: { readonly Period: number } }[];
}
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
  ([, { Properties = {} }]) => Properties as unknown as AlarmProperties,
);
const nameOf = ({ AlarmName }: Pick<AlarmProperties, 'AlarmName'>): string =>
  AlarmName.replace('entropy-playground-', '');

/** Sections of the runbook by heading, those of alarms: everything before "Without an alarm". */
const sections = new Map(
  (runbook.split('\n## Without an alarm')[0] ?? '')
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

describe('the runbook', () => {
  it('has a section for every alarm, and none for an alarm that is not there', () => {
    expect([...sections.keys()].sort()).toEqual(alarms.map(nameOf).sort());
  });

  it.each(alarms.map(nameOf))('tells of %s what it means, where to look and what to do', (name) => {
    const section = sections.get(name) ?? '';
    for (const part of ['**Meaning.**', '**First look.**\n```\n', '**Remedy.**']) expect(section).toContain(part);
  });

  it('names only resources of the stack', () => {
    const text = JSON.stringify(template);
    for (const [, log = ''] of runbook.matchAll(/"\/\$STACK\/([a-z]+)"/g))
      expect(text).toContain(`"/entropy-playground/${log}"`);
    for (const [, output = ''] of runbook.matchAll(/\$\(output ([A-Za-z]+)\)/g))
      expect(template.Outputs).toHaveProperty(output);
    for (const [, named = ''] of runbook.matchAll(/\$STACK-([a-z-]+)(?=")/g))
      expect(text, named).toMatch(new RegExp(`entropy-playground-${named}"|${named === 'restored'}`));
  });
});

describe('every alarm', () => {
  it.each(alarms)('$AlarmName is told when it begins and ends, and links to its section', (alarm) => {
    expect(alarm.AlarmActions).toHaveLength(1);
    expect(alarm.OKActions).toHaveLength(1);
    expect(alarm.AlarmDescription).toMatch(new RegExp(`/docs/runbook\\.md#${nameOf(alarm)}$`));
  });

  it('adds up over the time that it names, also where a figure is missing', () => {
    const added = alarms.flatMap(({ AlarmName, Metrics = [] }) =>
      Metrics.map(({ Expression, MetricStat }) => [nameOf({ AlarmName }), Expression ?? MetricStat?.Period] as const),
    );
    expect([...new Set(added.map(([name, what]) => `${name} ${what}`))].sort()).toEqual([
      'function-errors 300',
      'function-errors SUM(FILL(METRICS(), 0))',
      'function-throttles 60',
      'function-throttles SUM(FILL(METRICS(), 0))',
      'table-throttles 60',
      'table-throttles SUM(FILL(METRICS(), 0))',
    ]);
  });

  it('looks at a figure that is written', () => {
    const own = alarms.filter(({ Namespace }) => Namespace === metricNamespace);
    expect(own.length).toBeGreaterThan(5);
    for (const { MetricName = '' } of own) expect(Object.keys(metrics)).toContain(MetricName);
  });
});

describe('every figure of ours', () => {
  it.each(Object.entries(metrics))('%s is written by the function that it says', (name, { by }) => {
    const files = globSync(`src/runtime/aws/${by === metricsOfApp ? 'dispatching' : by}-*.ts`, { cwd: root });
    const written = files.some((file) => readFileSync(path.join(root, file), 'utf8').includes(`'${name}'`));
    expect(written).toBe(true);
  });
});

describe('the dashboard', () => {
  const [, properties] = resourcesOf(template, 'AWS::CloudWatch::Dashboard')[0] ?? [];
  const body = JSON.stringify(properties?.Properties?.['DashboardBody']).replaceAll('\\', '');

  it('has the four views', () => {
    for (const view of ['Fleet', 'Economics', 'Queues and claims', 'Audit health'])
      expect(body).toContain(`## ${view}`);
  });

  it('shows every figure of ours that no alarm looks at', () => {
    const watched = new Set(alarms.map(({ MetricName }) => MetricName));
    for (const name of Object.keys(metrics)) expect(watched.has(name) || body.includes(`"${name}"`), name).toBe(true);
  });

  it('has few enough figures to cost nothing', () => {
    expect(body.split('EntropyPlayground').length + body.split('AWS/').length).toBeLessThan(50);
  });
});

describe('the pages about the stack', () => {
  it.each(pages)('%s says what the stack says (node scripts/aws-doc.ts)', (page) => {
    const file = path.join(root, page);
    expect(filledPage(file, template)).toBe(readFileSync(file, 'utf8'));
  });

  it('tell what every setting means', () => {
    for (const name of settingNames) expect(settingShapes[name].description, name).toMatch(/\w+/);
  });
});

describe('the arithmetic of costs', () => {
  it('is what a person gets who does it by hand', () => {
    const by = new Map(thousandTasks().map((line) => [line.what, line]));
    expect(assumed).toMatchObject({ deliveries: 12, queuedDeliveries: 3, requests: 20, events: 15 });
    // The claim 46, run and task 30, three deliveries with 4 each: 88 write units a task.
    expect(by.get('table: claims, runs, tasks')?.count).toBe(88_000);
    expect(costOf(by.get('table: claims, runs, tasks') ?? missing())).toBeCloseTo(0.088 * 0.625, 6);
    // 12 deliveries, 20 requests: 32,000 at a dollar a million.
    expect(costOf(by.get('HTTP API') ?? missing())).toBeCloseTo(0.032, 6);
  });

  it('takes the units of a life from docs/dynamodb.md', () => {
    const page = readFileSync(path.join(root, 'docs/dynamodb.md'), 'utf8');
    expect(page).toMatch(/whole life of an issue[^\n]*about 46 write units/);
    expect(page).toContain('| renew | 1 `UpdateItem` | 3 |');
  });

  it('keeps the stack at about a dollar for a thousand tasks, and tells what signs of life add', () => {
    const inActions = sumOf(thousandTasks(), costOf);
    expect(inActions).toBeLessThan(1.25);
    const beats = 40;
    const added = sumOf(thousandTasks(beats), costOf) - inActions;
    const page = readFileSync(path.join(root, 'docs/cost.md'), 'utf8');
    expect(page).toContain(`${beats} signs of life, adds ${added.toFixed(2)} USD to a thousand`);
  });

  it('takes off what is free, and never more than is there', () => {
    const line = { what: 'alarms', price: 'alarmMetricMonth', count: 4, free: 10, how: '' } as const;
    expect(costBeyondFree(line)).toBe(0);
    expect(costBeyondFree({ ...line, count: 26 })).toBeCloseTo(1.6, 6);
  });

  it('names the page of every price', () => {
    for (const { page } of Object.values(prices)) expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/.+\/pricing\//);
  });
});

function missing(): never {
  throw new Error('the line of costs is not there');
}
