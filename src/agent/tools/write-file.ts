import { counted } from '../../domain/counted.ts';
import { writeBytes } from '../file-write.ts';
import { defineTool, refusal } from '../tool.ts';
import { checkWritablePath } from '../workspace-path.ts';

export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Creates a file (with its folders) or replaces a whole one; its mode is kept. For a change within a file use edit_file.',
  input: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Relative to the workspace root.', minLength: 1 },
      content: { type: 'string', description: 'All of the file.' },
    },
    required: ['path', 'content'],
    additionalProperties: false,
  },
  subject: (input) => input.path,
  run: async (input, context) => {
    const path = checkWritablePath(input.path);
    if (path.kind === 'bad') return refusal(path.message, '✗ path');
    if (input.path.endsWith('/')) return refusal(`${input.path} names a folder; name a file.`, '✗ path');

    const bytes = Buffer.from(input.content, 'utf8');
    const written = await writeBytes({ path: path.path, argument: path.argument, bytes }, context);
    if (written.kind === 'failed') return refusal(written.message, written.summary);

    const count = counted(countLines(input.content), 'line');
    const lostCrlf = written.hadCrlf && !input.content.includes('\r\n');
    const note = lostCrlf ? ' Its lines ended with CRLF before and end with LF now: every line differs.' : '';
    const did = written.existed ? 'replaced' : 'created';
    return { ok: true, output: `${path.path} ${did}: ${count}.${note}`, summary: count };
  },
});

function countLines(text: string): number {
  if (text === '') return 0;
  const ends = text.split('\n').length - 1;
  return text.endsWith('\n') ? ends : ends + 1;
}
