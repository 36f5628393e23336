import { readFile } from 'node:fs/promises';
import type { IssueText } from '../domain/embedded-run.ts';
import { EntropyError } from '../domain/error.ts';

/** GitHub's own limits of an issue. */
const maxTitle = 256;
const maxBody = 65_536;

/** An issue as a Markdown file: front matter `title:` or a first `# title`; the rest is the body. */
export async function readIssueFile(path: string): Promise<IssueText> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EntropyError({
      code: 'E102',
      message: `cannot read the issue ${path}`,
      fix: 'name a Markdown file whose first line is "# Title", with the description below',
      cause,
    });
  });
  return parseIssueText(decode(bytes, path), path);
}

export async function parseIssueText(text: string, where: string): Promise<IssueText> {
  const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const front = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(clean);
  const titleInFront = front === null ? undefined : await frontTitle(front[1] ?? '', where);
  const rest = front === null ? clean : clean.slice(front[0].length);
  const { title, body } = titleInFront === undefined ? splitHeading(rest, where) : { title: titleInFront, body: rest };
  if (title.length > maxTitle)
    throw refused(`${where}: the title has ${title.length} characters; ${maxTitle} are allowed`, 'shorten the title');
  if (body.length > maxBody)
    throw refused(
      `${where}: the body has ${body.length} characters; ${maxBody} are allowed`,
      'shorten it: what is long (logs, data) belongs in a file of the repository',
    );
  return { title, body: body.trim() };
}

function splitHeading(text: string, where: string): { title: string; body: string } {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const title = /^#\s+(.*?)\s*#*\s*$/.exec(lines[first] ?? '')?.[1];
  if (title === undefined || title === '') throw refused(`${where} has no title`);
  return { title, body: lines.slice(first + 1).join('\n') };
}

async function frontTitle(front: string, where: string): Promise<string | undefined> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(front, { prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw refused(`${where}: the front matter is not YAML: ${fault.message}`);
  const title = document.get('title');
  if (title === undefined || title === null) return undefined;
  const text = String(title).trim();
  if (text === '' || text.includes('\n'))
    throw refused(`${where}: the title in the front matter is not one line of text`);
  return text;
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused(`${path} is not UTF-8 text`, 'save it as UTF-8: iconv -t UTF-8 FILE');
  }
}

const howToBegin = 'begin the file with "# Title", or with front matter: a line ---, a line title: …, a line ---';

function refused(message: string, fix = howToBegin): EntropyError {
  return new EntropyError({ code: 'E102', message, fix });
}
