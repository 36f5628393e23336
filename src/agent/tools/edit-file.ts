import { wholeCapture } from '../../domain/output-clip.ts';
import { looksBinary, showBytes } from '../../domain/shown-bytes.ts';
import { fileProblem, testReadable } from '../file-problem.ts';
import { writeBytes } from '../file-write.ts';
import { fileTimeoutMs, runCommand, script } from '../sandbox-command.ts';
import { defineTool, refusal, type ToolContext, type ToolOutcome } from '../tool.ts';
import { checkWritablePath } from '../workspace-path.ts';
import { explainNoMatch } from './near-match.ts';
import { numberLines } from './numbered-lines.ts';
import { changedLines, type Edited, lineOf, linesAround, replacePassage } from './text-edit.ts';

/** Sources are small; what is larger is data, for which bash has better tools. */
const largestFile = 16 * 1024 * 1024;
/** Of the new lines, in characters; the model knows what it wrote. */
const longestExcerpt = 4_000;
const readScript = `${testReadable} exec head -c "$2" -- "$1"`;

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces one passage of a text file. old_text must stand exactly once in it: copy it with its white space and take enough lines to be unique. Line ends, byte order mark and mode stay as they are.',
  input: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Relative to the workspace root.', minLength: 1 },
      old_text: { type: 'string', description: 'The passage as it is now.' },
      new_text: { type: 'string', description: 'What takes its place; may be empty.' },
    },
    required: ['path', 'old_text', 'new_text'],
    additionalProperties: false,
  },
  subject: (input) => input.path,
  run: async (input, context) => {
    const path = checkWritablePath(input.path);
    if (path.kind === 'bad') return refusal(path.message, '✗ path');
    if (input.old_text === '') {
      return refusal('old_text is empty. To create or replace a whole file use write_file.', '✗ empty');
    }
    if (input.old_text === input.new_text) return refusal('old_text and new_text are the same.', '✗ no change');

    const exit = await runCommand(context, {
      argv: script(readScript, path.argument, String(largestFile + 1)),
      timeoutMs: fileTimeoutMs,
      maxOutputBytes: 2 * (largestFile + 1),
      files: { kind: 'read' },
    });
    const problem = fileProblem(path.path, exit);
    if (problem !== undefined) return problem;
    const bytes = wholeCapture(exit.stdout);
    if (bytes === undefined || bytes.length > largestFile) {
      return refusal(`${path.path} is larger than 16 MiB. Edit it with bash (sed).`, '✗ too large');
    }
    if (looksBinary(bytes)) return refusal(`${path.path} is binary and is not edited.`, '✗ binary');
    return await edit({ ...path, bytes, oldText: input.old_text, newText: input.new_text }, context);
  },
});

interface Edit {
  readonly path: string;
  readonly argument: string;
  readonly bytes: Uint8Array;
  readonly oldText: string;
  readonly newText: string;
}

async function edit(wanted: Edit, context: ToolContext): Promise<ToolOutcome> {
  const file = Buffer.from(wanted.bytes).toString('latin1');
  const result = replacePassage(file, byteString(wanted.oldText), byteString(wanted.newText));
  switch (result.kind) {
    case 'no-match': {
      const why = explainNoMatch(showBytes(wanted.bytes).text, wanted.oldText);
      return refusal(`old_text is not in ${wanted.path}; nothing was changed. ${why}`, '✗ 0 matches');
    }
    case 'many-matches': {
      const count = result.offsets.length;
      const lines = result.offsets.slice(0, 10).map((offset) => lineOf(file, offset));
      const more = count > lines.length ? ', …' : '';
      return refusal(
        `old_text stands ${count} times in ${wanted.path} (lines ${lines.join(', ')}${more}); nothing was changed. Take more lines around the one that is meant.`,
        `✗ ${count} matches`,
      );
    }
    case 'edited': {
      const bytes = Buffer.from(result.after, 'latin1');
      const written = await writeBytes({ path: wanted.path, argument: wanted.argument, bytes }, context);
      if (written.kind === 'failed') return refusal(written.message, written.summary);
      return describeEdit(wanted.path, result);
    }
    default:
      return result satisfies never;
  }
}

function describeEdit(path: string, edited: Edited): ToolOutcome {
  const { added, removed } = changedLines(edited);
  const { from, text } = linesAround(edited, 2);
  const lines = showBytes(Buffer.from(text, 'latin1')).text.split('\n');
  const summary = `+${added} −${removed}`;
  const shown = numberLines(lines, from, longestExcerpt).text;
  return { ok: true, output: `${path} changed (${summary}). It reads now:\n${shown}`, summary };
}

function byteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
