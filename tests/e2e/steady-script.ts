import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A script for the sample that fits whatever an earlier run has left: it expects nothing, changes something each time,
 * and takes its time between the turns, so that a run can be caught at many different moments.
 */
export function writeSteadyScript(folder: string, waitMs = 60): string {
  const file = path.join(folder, 'steady.script.json');
  const bash = (command: string) => ({ tool: 'bash', input: { command } });
  const turns = [
    [{ tool: 'search', input: { pattern: 'maxLength', path: 'src' } }],
    [{ tool: 'read_file', input: { path: 'src/slugify.js' } }],
    [
      bash('npm test; true'),
      { tool: 'checkpoint', input: { progress: 0.4, done: 'Seen it fail.', next: 'Repair it.' } },
    ],
    [bash(`grep -q cutBetweenWords src/slugify.js || sed -i '${repair}' src/slugify.js`)],
    [bash("printf '%s\\n' '- the last word stays' >> CHANGELOG.md"), bash('npm test')],
    [
      {
        tool: 'submit',
        input: { title: 'Keep the last word', body: 'The cut went back one word too far.', verified: ['npm test'] },
      },
    ],
  ];
  const replies = turns.map((calls) => ({ wait_ms: waitMs, calls }));
  writeFileSync(file, JSON.stringify({ script: 1, replies }));
  return file;
}

const repair =
  '/const cut = /a\\  const cutBetweenWords = slug.startsWith(separator, maxLength);\\n  if (cutBetweenWords) return cut;';
