import { counted } from '../../domain/counted.ts';
import { captureStart, shownCharacters, wholeCapture } from '../../domain/output-clip.ts';
import { looksBinary, showBytes } from '../../domain/shown-bytes.ts';
import { fileProblem, testReadable } from '../file-problem.ts';
import { fileTimeoutMs, runCommand, script } from '../sandbox-command.ts';
import { defineTool, refusal, type ToolContext, type ToolOutcome } from '../tool.ts';
import { checkReadPath } from '../workspace-path.ts';
import { type NumberedLines, numberLines } from './numbered-lines.ts';

/** A file up to this size is read at once; of a larger one only the lines that were asked for. */
const wholeFileBytes = 256 * 1024;
/** `$2` bytes and one more, so that a larger file is known by it. */
const readWhole = `${testReadable} exec head -c "$2" -- "$1"`;
/** The size, the number of line ends, then `$3` lines from line `$2` on. */
const readLines = `${testReadable} wc -c < "$1"; wc -l < "$1"; tail -n "+$2" -- "$1" | head -n "$3" | head -c "$4"`;
/** More lines than this do not fit in one result anyway. */
const mostLines = 4_000;

export const readFile = defineTool({
  name: 'read_file',
  description:
    'Shows a text file with line numbers ("12\\ttext"; the number and the tab are not part of the file). A long file is shown in pieces: ask for a range.',
  input: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Relative to the workspace root.', minLength: 1 },
      from_line: { type: 'integer', description: 'First line, from 1.', minimum: 1 },
      to_line: { type: 'integer', description: 'Last line, included.', minimum: 1 },
    },
    required: ['path'],
    additionalProperties: false,
  },
  subject: (input) =>
    input.from_line === undefined && input.to_line === undefined
      ? input.path
      : `${input.path}:${input.from_line ?? 1}-${input.to_line ?? ''}`,
  run: async (input, context) => {
    const path = checkReadPath(input.path, context.sandbox.base);
    if (path.kind === 'bad') return refusal(path.message, '✗ path');
    const from = input.from_line ?? 1;
    const to = input.to_line ?? from + mostLines - 1;
    if (to < from) return refusal(`to_line ${to} is before from_line ${from}.`, '✗ range');

    const exit = await runCommand(context, {
      argv: script(readWhole, path.argument, String(wholeFileBytes + 1)),
      timeoutMs: fileTimeoutMs,
      maxOutputBytes: 2 * wholeFileBytes,
      files: { kind: 'read' },
    });
    const problem = fileProblem(path.path, exit);
    if (problem !== undefined) return problem;
    const bytes = wholeCapture(exit.stdout);
    const start = bytes ?? exit.stdout.head;
    if (looksBinary(start)) return binaryRefusal(path.path, start);
    if (bytes !== undefined && bytes.length <= wholeFileBytes) return showWhole({ path: path.path, bytes, from, to });
    return await showPart({ path: path.path, argument: path.argument, from, to }, context);
  },
});

function showWhole(file: { path: string; bytes: Uint8Array; from: number; to: number }): ToolOutcome {
  if (file.bytes.length === 0) return { ok: true, output: '[the file is empty]', summary: 'empty' };
  const { text, invalidBytes } = showBytes(file.bytes);
  const lines = text.split('\n');
  const endsWithNewline = lines.at(-1) === '';
  if (endsWithNewline) lines.pop();
  if (file.from > lines.length) return pastTheEnd(file.path, lines.length);

  const shown = numberLines(lines.slice(file.from - 1, file.to), file.from, shownCharacters - 600);
  const notes = [
    ...continuation(shown, lines.length),
    ...(text.startsWith('\uFEFF') ? ['starts with a byte order mark'] : []),
    ...lineEndNote(text),
    ...(endsWithNewline ? [] : ['no newline at the end of the file']),
    ...invalidNote(invalidBytes),
  ];
  return described(shown, notes);
}

async function showPart(
  file: { path: string; argument: string; from: number; to: number },
  context: ToolContext,
): Promise<ToolOutcome> {
  const count = Math.min(file.to - file.from + 1, mostLines);
  const exit = await runCommand(context, {
    argv: script(readLines, file.argument, String(file.from), String(count), String(wholeFileBytes)),
    timeoutMs: fileTimeoutMs,
    maxOutputBytes: 3 * wholeFileBytes,
    files: { kind: 'read' },
  });
  const problem = fileProblem(file.path, exit);
  if (problem !== undefined) return problem;
  const { size, newlines, content } = splitHeader(captureStart(exit.stdout));
  if (looksBinary(content)) return binaryRefusal(file.path, content);
  if (content.length === 0) return pastTheEnd(file.path, newlines);

  const { text, invalidBytes } = showBytes(content);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const shown = numberLines(lines, file.from, shownCharacters - 600);
  const notes = [
    `the file has ${size.toLocaleString('en-US')} bytes`,
    ...continuation(shown, Math.max(newlines, shown.to)),
    ...lineEndNote(text),
    ...invalidNote(invalidBytes),
  ];
  return described(shown, notes);
}

function splitHeader(bytes: Uint8Array): { size: number; newlines: number; content: Uint8Array } {
  const firstEnd = bytes.indexOf(10);
  const secondEnd = bytes.indexOf(10, firstEnd + 1);
  const figure = (from: number, to: number) => Number(new TextDecoder().decode(bytes.subarray(from, to)).trim());
  return {
    size: figure(0, firstEnd),
    newlines: figure(firstEnd + 1, secondEnd),
    content: bytes.subarray(secondEnd + 1),
  };
}

function described(shown: NumberedLines, notes: readonly string[]): ToolOutcome {
  const note = notes.length === 0 ? '' : `\n[${notes.join('; ')}]`;
  return { ok: true, output: `${shown.text}${note}`, summary: counted(shown.to - shown.from + 1, 'line') };
}

function continuation(shown: NumberedLines, total: number): string[] {
  const whole = shown.from === 1 && shown.to >= total;
  const rest = shown.to < total ? `; go on with from_line ${shown.to + 1}` : '';
  return whole ? [] : [`lines ${shown.from}-${shown.to} of ${total}${rest}`];
}

function lineEndNote(text: string): string[] {
  const all = text.split('\n').length - 1;
  const crlf = text.split('\r\n').length - 1;
  if (crlf === 0) return [];
  return [crlf === all ? 'lines end with CRLF' : `line ends are mixed: ${crlf} of ${all} are CRLF`];
}

function invalidNote(invalidBytes: number): string[] {
  return invalidBytes === 0 ? [] : [`not UTF-8: ${counted(invalidBytes, 'byte')} shown as \\xNN`];
}

function pastTheEnd(path: string, total: number): ToolOutcome {
  return refusal(`${path} has ${total} lines; there is nothing at that range.`, '✗ range');
}

function binaryRefusal(path: string, start: Uint8Array): ToolOutcome {
  const utf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  const what = utf16 ? 'looks like UTF-16 text' : 'is binary';
  return refusal(`${path} ${what} and is not shown. bash can look at it (file, od, iconv).`, '✗ binary');
}
