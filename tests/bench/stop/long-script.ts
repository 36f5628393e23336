import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** The file and the line that an agent has added when somebody stops it, and the command that it is at then. */
export const unfinishedFile = 'CHANGELOG.md';
export const unfinishedLine = '- half of the work';
export const longCommand = `sleep ${1_000_000 + process.pid}`;

const bash = (command: string) => ({ tool: 'bash', input: { command } });

function write(folder: string, name: string, turns: readonly (readonly object[])[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify({ script: 1, replies: turns.map((calls) => ({ calls })) }));
  return file;
}

/** Changes a file, notes it, and then waits for far longer than anybody. */
export function writeLongScript(folder: string): string {
  return write(folder, 'long.script.json', [
    [{ tool: 'read_file', input: { path: 'src/slugify.js' } }],
    [bash(`printf '%s\\n' '${unfinishedLine}' >> ${unfinishedFile}`)],
    [bash(longCommand)],
  ]);
}

/** Does the other half, and hands both in. */
export function writeRestScript(folder: string): string {
  const repair =
    '/const cut = /a\\  const cutBetweenWords = slug.startsWith(separator, maxLength);\\n  if (cutBetweenWords) return cut;';
  return write(folder, 'rest.script.json', [
    [bash(`sed -i '${repair}' src/slugify.js`)],
    [{ tool: 'submit', input: { title: 'Keep the last word', body: 'One word too far.', verified: ['npm test'] } }],
  ]);
}
