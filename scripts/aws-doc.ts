/**
 * Fills the tables between `<!-- table: NAME -->` and `<!-- /table -->` in docs/aws.md and docs/cost.md from the stack itself:
 * settings, permissions, resources, prices. `--check` fails on drift and writes nothing.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { functionSizes } from '../cdk/constructs/function-size.ts';
import { entropyApp } from '../cdk/entropy-app.ts';
import { parseSettings } from '../cdk/parse-settings.ts';
import { settingNames, settingShapes } from '../cdk/stack-settings.ts';
import { functionNames } from '../src/runtime/aws/aws-names.ts';
import { metrics } from '../src/runtime/aws/metric-names.ts';
import { prices } from './aws-prices.ts';
import {
  assumed,
  type CostLine,
  type Counted,
  costBeyondFree,
  costOf,
  idleMonth,
  sumOf,
  thousandTasks,
} from './stack-cost.ts';
import { grantsOf } from './stack-grants.ts';

export const pages = ['docs/aws.md', 'docs/cost.md'] as const;

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/** The page with its tables as they should be. */
export function filledPage(page: string, template: Template): string {
  const text = readFileSync(page, 'utf8');
  return text.replace(/<!-- table: ([a-z -]+) -->[\s\S]*?<!-- \/table -->/g, (_, name: string) => {
    const make = tables[name];
    if (make === undefined) throw new Error(`${page}: no table is named "${name}"`);
    return `<!-- table: ${name} -->\n${make(template)}\n<!-- /table -->`;
  });
}

const tables: Readonly<Record<string, (template: Template) => string>> = {
  settings: () => rows(['setting', 'default', 'meaning'], settingNames.map(settingRow)),
  permissions: (template) =>
    rows(
      ['function', 'for', 'may', 'on', 'only if'],
      grantsOf(template).map(({ who, sid, actions, resources, condition }) => [
        who.toLowerCase(),
        sid,
        actions.map(code).join(' '),
        resources.map(code).join(' '),
        condition === '' ? '' : code(condition),
      ]),
    ),
  resources: ({ Resources }) => {
    const types = Object.values(Resources).map(({ Type }) => Type);
    const counts = [...new Set(types)]
      .sort()
      .map((type) => [code(type), String(types.filter((each) => each === type).length)]);
    return `${rows(['resource', 'how many'], counts)}\n\n${types.length} in all.`;
  },
  idle: (template) => costTable(idleMonth(countedIn(template))),
  tasks: () => costTable(thousandTasks()),
  assumed: () =>
    rows(
      ['assumed of a task', 'value'],
      Object.entries(assumed).map(([name, value]) => [code(name), String(value)]),
    ),
  prices: () =>
    rows(
      ['list price', 'page'],
      Object.values(prices).map(({ usd, per, unit, page }) => [`${usd} USD for ${count(per)} ${unit}`, `<${page}>`]),
    ),
};

function settingRow(name: (typeof settingNames)[number]): readonly string[] {
  const shape = settingShapes[name];
  const standard: unknown = shape.safeParse(undefined).data;
  const shown = standard === undefined ? '–' : code(typeof standard === 'string' ? standard : JSON.stringify(standard));
  return [code(name), shown, shape.description ?? ''];
}

function countedIn({ Resources }: Template): Counted {
  const of = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
  const alarms = of('AWS::CloudWatch::Alarm').map(({ Properties = {} }) => Properties['Metrics']);
  return {
    keys: of('AWS::KMS::Key').length,
    secrets: of('AWS::SecretsManager::Secret').length,
    // One metric, or those of an expression; the expression itself is none.
    alarmMetrics: alarms.reduce<number>(
      (sum, list) => sum + (Array.isArray(list) ? list.filter(isMetric).length : 1),
      0,
    ),
    sweeperMetrics: Object.values(metrics).filter(({ by }) => by === 'sweeper' || by === 'app').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    sweeperMemoryMb: functionSizes.sweeper.memoryMb,
  };
}

function isMetric(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'MetricStat' in entry;
}

function costTable(lines: readonly CostLine[]): string {
  const all = lines.map((line) => [
    line.what,
    count(line.count),
    line.how,
    usd(costOf(line)),
    line.free === undefined ? '–' : count(line.free),
    usd(costBeyondFree(line)),
  ]);
  const sums = ['**sum**', '', '', `**${usd(sumOf(lines, costOf))}**`, '', `**${usd(sumOf(lines, costBeyondFree))}**`];
  return rows(['what', 'count', 'which is', 'list price, USD', 'free each month', 'left, USD'], [...all, sums]);
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const usd = (amount: number): string => amount.toFixed(amount < 0.1 ? 4 : 2);
const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...body.map(line)].join('\n');
}

/** The stack with its defaults, over stubs of its functions. */
export function standardTemplate(): Template {
  const folder = mkdtempSync(path.join(tmpdir(), 'entropy-doc-'));
  try {
    for (const name of functionNames) writeFileSync(path.join(folder, `${name}.mjs`), '');
    const settings = () => parseSettings([]);
    const { app, stack } = entropyApp({ settings, codeFolder: () => folder, cloudFormationRules: 'unchecked' });
    return app.synth().getStackByName(stack.stackName).template;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const template = standardTemplate();
  for (const page of pages) {
    const filled = filledPage(page, template);
    if (filled === readFileSync(page, 'utf8')) continue;
    if (process.argv.includes('--check')) {
      console.error(`${page}: its tables are not what the stack says; node scripts/aws-doc.ts`);
      process.exitCode = 1;
    } else {
      writeFileSync(page, filled);
    }
  }
}
