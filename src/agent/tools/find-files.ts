import { counted } from '../../domain/counted.ts';
import { captureStart, clipCapture } from '../../domain/output-clip.ts';
import { showBytes } from '../../domain/shown-bytes.ts';
import { pathFilter } from '../path-filter.ts';
import { runCommand } from '../sandbox-command.ts';
import { defineTool, refusal } from '../tool.ts';
import { checkReadPath, shownPath } from '../workspace-path.ts';

const timeoutMs = 30_000;
const keptBytes = 8 * 1024 * 1024;
const mostShown = 200;

export const findFiles = defineTool({
  name: 'find_files',
  description: 'Lists files whose path matches a glob, sorted. Skips .git and node_modules (unless path is in it).',
  input: {
    type: 'object',
    properties: {
      glob: {
        type: 'string',
        description: '"*.ts" at any depth, "src/**/*.test.ts", "**".',
        minLength: 1,
        maxLength: 1_000,
      },
      path: { type: 'string', description: 'Folder; default all.' },
    },
    required: ['glob'],
    additionalProperties: false,
  },
  subject: (input) => (input.path === undefined ? input.glob : `${input.glob} in ${input.path}`),
  run: async (input, context) => {
    const { base } = context.sandbox;
    const path = checkReadPath(input.path ?? '.', base);
    if (path.kind === 'bad') return refusal(path.message, '✗ path');
    const filter = pathFilter(input.glob);
    const where = checkReadPath(`${path.path}/${filter.folder}`, base);
    if (where.kind === 'bad') return refusal(where.message, '✗ glob');

    const skipped = path.path.split('/').includes('node_modules') ? ['.git'] : ['.git', 'node_modules'];
    const exit = await runCommand(context, {
      argv: [
        'find',
        where.argument,
        ...skipped.flatMap((folder) => ['-name', folder, '-prune', '-o']),
        '(',
        '-type',
        'f',
        '-o',
        '-type',
        'l',
        ')',
        ...(filter.name === undefined ? [] : ['-name', filter.name]),
        '-print0',
      ],
      timeoutMs,
      maxOutputBytes: keptBytes,
      files: { kind: 'read' },
    });
    const complaint = clipCapture(exit.stderr, 1_000).trim();
    const inFolder = path.path === '.' ? '' : `${path.path}/`;
    const found = splitNames(captureStart(exit.stdout), base)
      .filter((name) => filter.matches(name.slice(inFolder.length)))
      .sort();
    if (found.length === 0 && exit.exitCode !== 0) {
      const missingFolder = complaint.includes('No such file');
      if (missingFolder) return { ok: true, output: `No file: ${where.path} does not exist.`, summary: 'no file' };
      return refusal(exit.timedOut ? 'This took too long. Name a path.' : complaint, '✗ failed');
    }
    if (found.length === 0) return { ok: true, output: 'No file.', summary: 'no file' };

    const cut = exit.stdout.omittedBytes > 0 || exit.timedOut;
    const shown = found.slice(0, mostShown);
    const total = `${found.length}${cut ? ' or more' : ''}`;
    const note =
      shown.length < found.length || cut ? `\n[${shown.length} of ${total} files; narrow the glob or path]` : '';
    return {
      ok: true,
      output: `${shown.join('\n')}${note}`,
      summary: cut ? `${total} files` : counted(found.length, 'file'),
    };
  },
});

/** Names end with a NUL; what follows the last one was cut off. */
function splitNames(bytes: Uint8Array, base: string | undefined): string[] {
  const names: string[] = [];
  for (let at = 0, end = bytes.indexOf(0); end !== -1; at = end + 1, end = bytes.indexOf(0, at)) {
    names.push(shownPath(showBytes(bytes.subarray(at, end)).text, base));
  }
  return names;
}
