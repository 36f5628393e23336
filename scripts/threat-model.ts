/**
 * Fills the tables of docs/threat-model.md from the catalogue of attacks and the defences that tests can switch off:
 * `node scripts/threat-model.ts`; `--check` fails on drift.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { allAttacks } from '../tests/attack/catalogue/all.ts';
import { attackIds } from '../tests/attack/catalogue/attack.ts';
import { allDefences } from '../tests/attack/defences/all.ts';

const file = 'docs/threat-model.md';

function promises(): string {
  const lines = allDefences.map(
    ({ promise, file: where, noticedBy }) =>
      `| ${cell(promise)} | [\`${where}\`](../${where}) | ${noticedBy.join(' ')} |`,
  );
  return ['| promise | where it is kept | attacks that get through without it |', '|---|---|---|', ...lines].join('\n');
}

function catalogue(): string {
  const lines = attackIds.flatMap((id) =>
    allAttacks.filter((attack) => attack.id === id).map(({ title }) => `| ${id} | ${cell(title)} |`),
  );
  return ['| id | what is tried |', '|---|---|', ...lines].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

function filled(page: string): string {
  const tables: Readonly<Record<string, string>> = { promises: promises(), catalogue: catalogue() };
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
    return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
  }, page);
}

const page = readFileSync(file, 'utf8');
const wanted = filled(page);
if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (page !== wanted) {
  console.error(`${file} does not list the attacks and defences of today; node scripts/threat-model.ts`);
  process.exitCode = 1;
}
