/**
 * Fills docs/examples.md between its marks from `examples/workflows`: what each workflow does, what starts it, and every
 * permission with its reason. `--check` fails on drift and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type ExampleWorkflow, exampleWorkflows } from '../src/runtime/examples.ts';

const page = fileURLToPath(new URL('../docs/examples.md', import.meta.url));
const marks = /(<!-- examples -->\n)[\s\S]*?(<!-- \/examples -->)/;

export async function examplesText(): Promise<string> {
  const examples = await exampleWorkflows();
  const rows = examples.map(({ name, text, does }) => {
    const { on, jobs } = parse(text) as { readonly on: object; readonly jobs: object };
    const starts = Object.keys(on).map((event) => `\`${event}\``);
    return `| [${name}](#${name}) | ${does} | ${starts.join(', ')} | ${formOf(text)}, ${Object.keys(jobs).length} job${Object.keys(jobs).length === 1 ? '' : 's'} |`;
  });
  const table = ['| example | what it does | starts on | form |', '|---|---|---|---|', ...rows].join('\n');
  return `${table}\n\n${examples.map(section).join('\n\n')}\n`;
}

function formOf(text: string): string {
  return /\/workflows\/agent\.yml@/.test(text) ? 'three jobs behind it' : 'one trusted step';
}

function section({ name, text }: ExampleWorkflow): string {
  const comment = (/^(?:#.*\n)*/.exec(text)?.[0] ?? '').replaceAll(/^# ?/gm, '').trim();
  const file = `[\`${name}.yml\`](../examples/workflows/${name}.yml)`;
  const words = comment.replaceAll(
    /(?:^ {2}\S.*\n?)+/gm,
    (lines) => `\n\`\`\`yaml\n${lines.replaceAll(/^ {2}/gm, '').trimEnd()}\n\`\`\`\n`,
  );
  const rights = permissionsIn(text).map(({ job, right, why }) => `| \`${job}\` | \`${right}\` | ${why} |`);
  const table = ['| job | permission | for |', '|---|---|---|', ...rights].join('\n');
  return `### ${name}\n\n${file}: \`entropy-playground init --example ${name}\`\n\n${words.trim()}\n\n${table}`;
}

interface Right {
  readonly job: string;
  readonly right: string;
  readonly why: string;
}

/** Of the file's own text, for a reason is a comment behind its line. */
function permissionsIn(text: string): readonly Right[] {
  const rights: Right[] = [];
  let job = '';
  let inside = false;
  for (const line of text.slice(text.indexOf('\njobs:')).split('\n')) {
    job = /^ {2}([a-z-]+):$/.exec(line)?.[1] ?? job;
    if (/^ {4}permissions:/.test(line)) inside = true;
    else if (inside) {
      const [, right, why] = /^ {6}([a-z-]+: \w+) # (.+)$/.exec(line) ?? [];
      if (right === undefined || why === undefined) inside = false;
      else rights.push({ job, right, why });
    }
  }
  return rights;
}

if (import.meta.main) {
  const before = readFileSync(page, 'utf8');
  const text = await examplesText();
  const after = before.replace(marks, (_, open: string, close: string) => `${open}${text}${close}`);
  if (before !== after && process.argv.includes('--check')) {
    console.error('docs/examples.md is not what examples/workflows say');
    process.exitCode = 1;
  } else if (before !== after) writeFileSync(page, after);
}
