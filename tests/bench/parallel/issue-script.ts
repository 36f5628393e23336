import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** What the model answers on one issue: real tools, real tests, and a file that tells whose work it was. */
export function writeIssueScript(folder: string, issue: number): string {
  const bash = (command: string) => ({ tool: 'bash', input: { command } });
  const replies = [
    { calls: [{ tool: 'search', input: { pattern: 'maxLength', path: 'src' } }] },
    { expect: { saw: titleOf(issue) }, calls: [{ tool: 'read_file', input: { path: 'src/slugify.js' } }] },
    { calls: [bash(`sed -i '${repair}' src/slugify.js`), bash('npm test')] },
    {
      calls: [
        { tool: 'write_file', input: { path: fileOf(issue), content: `Issue ${issue}: the last word stays.\n` } },
      ],
    },
    {
      calls: [
        {
          tool: 'submit',
          input: { title: `Keep the last word (${issue})`, body: 'One word too far.', verified: ['npm test'] },
        },
      ],
    },
  ];
  const file = path.join(folder, `issue-${issue}.script.json`);
  writeFileSync(file, JSON.stringify({ script: 1, replies }));
  return file;
}

export function titleOf(issue: number): string {
  return `slugify drops the last word, report no. ${issue} of many`;
}

export function fileOf(issue: number): string {
  return `notes/issue-${issue}.md`;
}

const repair =
  '/const cut = /a\\  const cutBetweenWords = slug.startsWith(separator, maxLength);\\n  if (cutBetweenWords) return cut;';
