/**
 * Fills the tables between `<!-- table: NAME -->` and `<!-- /table -->` in README.md and docs from their one source:
 * each action's inputs and outputs from its action.yml. `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const actionYml = z.object({
  inputs: z.record(
    z.string(),
    z.object({ description: z.string(), default: z.string().optional(), required: z.boolean().optional() }),
  ),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
});
const pages = ['README.md', 'docs/actions.md'];

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function defaultOf(input: { default?: string | undefined; required?: boolean | undefined }): string {
  if (input.required === true) return '**required**';
  return input.default === undefined || input.default === '' ? '' : `\`${cell(input.default)}\``;
}

function table(name: string): string {
  const [action, kind] = name.split(' ');
  const source = actionYml.parse(parse(readFileSync(`actions/${action}/action.yml`, 'utf8')));
  if (kind === 'inputs') {
    const rows = Object.entries(source.inputs).map(
      ([key, input]) => `| \`${key}\` | ${cell(input.description)} | ${defaultOf(input)} |`,
    );
    return ['| input | meaning | default |', '|---|---|---|', ...rows].join('\n');
  }
  if (kind === 'outputs') {
    const rows = Object.entries(source.outputs).map(([key, output]) => `| \`${key}\` | ${cell(output.description)} |`);
    return ['| output | meaning |', '|---|---|', ...rows].join('\n');
  }
  throw new Error(`no table is named "${name}"; write "<action> inputs" or "<action> outputs"`);
}

function filled(page: string): string {
  return page.replace(/<!-- table: ([a-z -]+) -->[\s\S]*?<!-- \/table -->/g, (_, name: string) => {
    return `<!-- table: ${name} -->\n${table(name)}\n<!-- /table -->`;
  });
}

for (const page of pages) {
  const before = readFileSync(page, 'utf8');
  const after = filled(before);
  if (before === after) continue;
  if (process.argv.includes('--check')) {
    console.error(`${page}: its tables are not what the action.yml files say`);
    process.exitCode = 1;
  } else {
    writeFileSync(page, after);
  }
}
