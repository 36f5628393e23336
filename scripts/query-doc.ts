/**
 * Fills the tables between `<!-- fields: NAME -->` and `<!-- /fields -->` in docs/query.md from the fields that the parser
 * knows; `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { AnsweredBy, QueryField } from '../src/domain/query/field.ts';
import { isOrdered, valueShapes } from '../src/domain/query/field-values.ts';
import { queryFields } from '../src/domain/query/fields.ts';

export const queryPage = 'docs/query.md';

const tables: Readonly<Record<string, readonly AnsweredBy[]>> = {
  issues: ['both'],
  work: ['tasks'],
  github: ['github'],
  elsewhere: ['nobody'],
};

/** The page with its tables as the fields are now. */
export function filledQueryPage(page: string): string {
  return page.replace(/<!-- fields: ([a-z]+) -->[\s\S]*?<!-- \/fields -->/g, (_, name: string) => {
    const answeredBy = tables[name];
    if (answeredBy === undefined) throw new Error(`no table is named "${name}"`);
    const fields = queryFields.filter((field) => answeredBy.includes(field.answeredBy));
    const rows = fields.map(
      (field) => `| \`${nameOf(field)}\` | ${field.about} | ${valuesOf(field)} | \`${field.example}\` |`,
    );
    return [
      `<!-- fields: ${name} -->`,
      '| field | finds by | takes | for example |',
      '|---|---|---|---|',
      ...rows,
      '<!-- /fields -->',
    ].join('\n');
  });
}

function nameOf({ name }: QueryField): string {
  return name.endsWith('.') ? `${name}NAME:` : `${name}:`;
}

function valuesOf(field: QueryField): string {
  const values = field.choices === undefined ? valueShapes[field.takes] : choicesOf(field);
  const more = [...(isOrdered(field.takes) ? ['`>` `>=` `<` `<=` `..`'] : []), ...(field.any ? ['`*`'] : [])];
  return [values, ...more].join('; ');
}

/** Those that only GitHub, or only the tasks, know are marked when the field has others too. */
function choicesOf({ choices = {}, answeredBy }: QueryField): string {
  const marks: Readonly<Record<AnsweredBy, string>> = { both: '', tasks: ' ¹', github: ' ²', nobody: ' ³' };
  return Object.entries(choices)
    .map(([choice, by]) => `\`${choice}\`${by === answeredBy ? '' : marks[by]}`)
    .join(' ');
}

if (import.meta.main) {
  const page = readFileSync(queryPage, 'utf8');
  const wanted = filledQueryPage(page);
  if (!process.argv.includes('--check')) {
    writeFileSync(queryPage, wanted);
  } else if (page !== wanted) {
    console.error(`${queryPage}: its tables are not what src/domain/query says; run \`node scripts/query-doc.ts\``);
    process.exitCode = 1;
  }
}
