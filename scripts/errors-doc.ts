/** Writes docs/errors.md from the catalogue of errors and the prose beside it; `--check` fails on drift instead. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type ErrorCode, errorCatalogue } from '../src/domain/error-catalogue.ts';
import { errorsProse } from './errors-prose.ts';

const file = 'docs/errors.md';

const families: Readonly<Record<string, string>> = {
  E1: 'Usage and configuration',
  E2: 'GitHub',
  E3: 'The model',
  E4: 'The sandbox',
  E5: 'Workspace and git',
  E6: 'Patch and publishing',
  E7: 'Claims',
  E8: 'Local runner and embedded GitHub',
  E9: 'Our own faults',
};

export function errorsDoc(): string {
  const codes = Object.keys(errorCatalogue) as ErrorCode[];
  const lines = [
    '# Errors',
    '',
    '<!-- Written by `node scripts/errors-doc.ts` from src/domain/error-catalogue.ts and scripts/errors-prose.ts. -->',
    '',
    'Every error that is raised on purpose has a code, says what happened and why, and what to do. On the command line:',
    '',
    '```',
    'error[E204] cannot open a pull request in octo/slug: GitHub answered 403 "Resource not accessible by integration"',
    '  why   the token of the workflow lacks pull-requests: write',
    '  fix   add to the job:',
    '          permissions:',
    '            pull-requests: write',
    '  more  https://github.com/entropy-playground/entropy-playground/blob/main/docs/errors.md#e204',
    '```',
    '',
    'With `--json` it is one object on stdout: `{ "schema": 1, "error": { "code", "title", "message", "why", "fix",',
    '"retryable", "exitCode", "more" } }`. Exit codes are explained in [cli.md](cli.md#exit-codes).',
  ];
  for (const [prefix, name] of Object.entries(families)) {
    lines.push('', `## ${name}`);
    for (const code of codes.filter((candidate) => candidate.startsWith(prefix))) lines.push('', ...entry(code));
  }
  return `${lines.join('\n')}\n`;
}

function entry(code: ErrorCode): string[] {
  const { title, exit } = errorCatalogue[code];
  const { why, fix } = errorsProse[code];
  return [`### ${code}`, '', `**${title}.** Exit code ${exit}.`, '', `*Why.* ${why}`, '', `*Fix.* ${fix}`];
}

if (import.meta.main) {
  const wanted = errorsDoc();
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== wanted) {
      console.error(`${file} is not what the catalogue says; run \`node scripts/errors-doc.ts\``);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(file, wanted);
  }
}
