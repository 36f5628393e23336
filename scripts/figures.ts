/**
 * `npm run -s bench -- NAME --json` measures, `npm run -s verify -- NAME --json` also judges. One JSON object on stdout
 * (`name ok figures limits machine date quick`), progress on stderr. Exit 0 when it holds, 1 when it does not, 3 when
 * something that it needs is missing. `--quick` is a smaller run. Each figure is a file `tests/bench/<kind>-<NAME>.ts`.
 */
import { existsSync, globSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Figure, FigureResult } from '../tests/bench/figure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [kind, ...rest] = process.argv.slice(2);
const name = rest.find((word) => !word.startsWith('--'));
const quick = rest.includes('--quick');

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
  const module = (await import(pathToFileURL(file).href)) as { readonly figure: Figure };
  const started = performance.now();
  const result: FigureResult = await module.figure({ quick, progress: (line) => console.error(line) });
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
  console.log(rest.includes('--json') ? JSON.stringify(object) : JSON.stringify(object, null, 2));
  return result.ok || kind === 'bench' ? 0 : 1;
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
