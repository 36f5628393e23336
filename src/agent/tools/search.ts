import { captureStart, clipCapture } from '../../domain/output-clip.ts';
import { showBytes } from '../../domain/shown-bytes.ts';
import type { SandboxExit } from '../../ports/sandbox.ts';
import { pathFilter } from '../path-filter.ts';
import { runCommand } from '../sandbox-command.ts';
import { defineTool, refusal, type ToolOutcome } from '../tool.ts';
import { checkReadPath, shownPath } from '../workspace-path.ts';
import { clipLine } from './numbered-lines.ts';

const timeoutMs = 30_000;
/** Matches read from grep; what is shown of them is far less. */
const keptBytes = 2 * 1024 * 1024;
const mostShown = 100;
const mostPerFile = 50;
const longestLine = 300;

/**
 * grep and nothing else, although ripgrep would be faster in very large trees: one dialect of patterns and one set of
 * rules on every machine, so that a run reads the same wherever it is done again.
 */
export const search = defineTool({
  name: 'search',
  description: 'Finds text in files: path:line:text. Skips .git, node_modules (unless path is in it) and binary files.',
  input: {
    type: 'object',
    properties: {
      pattern: { type: 'string', description: 'Literal text, or with regex an ERE.', minLength: 1, maxLength: 4_000 },
      path: { type: 'string', description: 'File or folder; default all.' },
      glob: { type: 'string', description: 'Only files like this: "*.ts", "src/**/*.ts".', maxLength: 1_000 },
      regex: { type: 'boolean', description: 'Default false.' },
      ignore_case: { type: 'boolean', description: 'Default false.' },
    },
    required: ['pattern'],
    additionalProperties: false,
  },
  subject: (input) => `"${input.pattern}"${input.path === undefined ? '' : ` in ${input.path}`}`,
  run: async (input, context) => {
    const { base } = context.sandbox;
    const path = checkReadPath(input.path ?? '.', base);
    if (path.kind === 'bad') return refusal(path.message, '✗ path');
    if (input.pattern.includes('\0')) return refusal('The pattern holds a NUL character.', '✗ pattern');
    const filter = input.glob === undefined ? undefined : pathFilter(input.glob);
    const where = checkReadPath(
      filter === undefined || filter.folder === '.' ? path.path : `${path.path}/${filter.folder}`,
      base,
    );
    if (where.kind === 'bad') return refusal(where.message, '✗ glob');

    const skipped = path.path.split('/').includes('node_modules') ? ['.git'] : ['.git', 'node_modules'];
    const exit = await runCommand(context, {
      argv: [
        'grep',
        '-rnHIZ',
        input.regex === true ? '-E' : '-F',
        ...(input.ignore_case === true ? ['-i'] : []),
        `--max-count=${mostPerFile}`,
        ...skipped.map((folder) => `--exclude-dir=${folder}`),
        ...(filter?.name === undefined ? [] : [`--include=${filter.name}`]),
        '-e',
        input.pattern,
        '--',
        where.argument,
      ],
      timeoutMs,
      maxOutputBytes: keptBytes,
      files: { kind: 'read' },
    });
    const below = path.path === '.' ? 0 : path.path.length + 1;
    const wanted = (name: string): boolean =>
      filter === undefined || filter.matches(name === path.path ? baseName(name) : name.slice(below));
    return describeMatches(exit, { wanted, base });
  },
});

interface Match {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

interface Searched {
  readonly wanted: (path: string) => boolean;
  readonly base: string | undefined;
}

function describeMatches(exit: SandboxExit, { wanted, base }: Searched): ToolOutcome {
  const complaint = clipCapture(exit.stderr, 1_000).trim();
  const cut = exit.stdout.omittedBytes > 0 || exit.timedOut;
  const matches = parseMatches(captureStart(exit.stdout), base)
    .filter((match) => wanted(match.path))
    .sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
  if (matches.length === 0) {
    if (complaint !== '') return refusal(complaint, '✗ failed');
    if (exit.timedOut) return refusal('The search took too long. Name a path or a glob.', '✗ timeout');
    return { ok: true, output: 'No match.', summary: 'no match' };
  }
  const shown = matches.slice(0, mostShown);
  const lines = shown.map((match) => `${match.path}:${match.line}:${clipLine(match.text, longestLine)}`);
  const total = `${matches.length}${cut ? ' or more' : ''}`;
  const note =
    shown.length < matches.length || cut
      ? `\n[${shown.length} of ${total} matches (at most ${mostPerFile} a file are counted); narrow with path or glob]`
      : '';
  const [first] = matches;
  const summary = matches.length === 1 && first !== undefined ? `${first.path}:${first.line}` : `${total} matches`;
  return { ok: true, output: `${lines.join('\n')}${note}`, summary };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** grep -Z ends the name with a NUL, so that no name can be taken for a line number. A line cut in half is dropped. */
function parseMatches(bytes: Uint8Array, base: string | undefined): Match[] {
  const matches: Match[] = [];
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = bytes.indexOf(0, at);
    const lineEnd = bytes.indexOf(10, nameEnd + 1);
    if (nameEnd === -1 || lineEnd === -1) break;
    const rest = showBytes(bytes.subarray(nameEnd + 1, lineEnd)).text;
    const colon = rest.indexOf(':');
    matches.push({
      path: shownPath(showBytes(bytes.subarray(at, nameEnd)).text, base),
      line: Number(rest.slice(0, colon)),
      text: rest.slice(colon + 1).replace(/\r$/, ''),
    });
    at = lineEnd + 1;
  }
  return matches;
}
