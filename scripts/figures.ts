/**
 * `npm run -s bench -- NAME --json` measures, `npm run -s verify -- NAME --json` also judges. One JSON object on stdout
 * (`name ok figures limits machine date quick`), progress on stderr. Exit 0 when it holds, 1 when it does not, 3 when
 * something that it needs is missing. `--quick` is a smaller run. Each figure is a file `tests/bench/<kind>-<NAME>.ts`,
 * which may export flags of its own.
 */
import { existsSync, globSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure, FigureFlag, FigureFlags, FigureResult } from '../tests/bench/figure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [kind, ...rest] = process.argv.slice(2);
const [name] = rest.filter((word) => !word.startsWith('--'));

function names(): string[] {
  return globSync(`tests/bench/${kind}-*.ts`, { cwd: root })
    .map((file) => file.replace(/^.*\/(bench|verify)-|\.ts$/g, ''))
    .sort();
}

export function machine(): string {
  const cpu = cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor';
  const gib = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${cpu}, ${gib} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

async function measure(file: string, figureName: string): Promise<number> {
  const module = (await import(pathToFileURL(file).href)) as {
    readonly figure: Figure;
    readonly options?: FigureFlags;
  };
  const { json, quick, flags } = readFlags(module.options ?? {});
  const started = performance.now();
  const progress = (line: string) => console.error(line);
  const result: FigureResult = await module.figure({ quick, progress, flags });
  if (result.kind === 'missing') {
    console.log(JSON.stringify({ name: figureName, ok: false, missing: result.what, fix: result.fix }));
    return 3;
  }
  const object = {
    name: figureName,
    ok: result.ok,
    figures: result.figures,
    limits: result.limits,
    quick,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    machine: machine(),
    date: new Date().toISOString().slice(0, 10),
  };
  console.log(json ? JSON.stringify(object) : JSON.stringify(object, null, 2));
  return result.ok || kind === 'bench' ? 0 : 1;
}

type Flags = Readonly<Record<string, string | number | undefined>>;

/** The words behind the name. A word that is not understood ends the script, with what there is. */
function readFlags(own: FigureFlags): { readonly json: boolean; readonly quick: boolean; readonly flags: Flags } {
  const ownOptions = Object.fromEntries(Object.keys(own).map((flag) => [flag, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({
      args: rest,
      options: { ...ownOptions, json: { type: 'boolean' }, quick: { type: 'boolean' } },
      allowPositionals: true,
    });
    const { json, quick, ...given } = values;
    const flags = Object.entries(given).map(([flag, value]) => [flag, flagValue(flag, String(value), own[flag])]);
    return { json: json === true, quick: quick === true, flags: Object.fromEntries(flags) };
  } catch (error) {
    const known = ['json', 'quick', ...Object.keys(own)].map((flag) => `--${flag}`).join(' ');
    console.error(`${error instanceof Error ? error.message : error}. There are: ${known}`);
    process.exit(2);
  }
}

function flagValue(flag: string, text: string, of: FigureFlag | undefined): string | number {
  if (of?.kind === 'choice') {
    if (of.of.includes(text)) return text;
    throw new RangeError(`--${flag} is "${text}", not one of ${of.of.join(', ')}`);
  }
  if (of?.kind === 'text') return text;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`--${flag} is "${text}", not a whole number`);
  return count;
}

const file = `${root}tests/bench/${kind}-${name}.ts`;
if (name === undefined || !existsSync(file)) {
  console.error(
    `${name === undefined ? 'which one?' : `no ${kind} is named "${name}".`} There are: ${names().join(', ')}`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await measure(file, name);
}
