/** A line of a job's log without what GitHub and terminals put around it. Untrusted text. */
export interface JobLogLine {
  readonly text: string;
  /** GitHub's own word on the line: `##[error]`. */
  readonly mark: 'error' | 'group' | undefined;
  /** ISO 8601, when it was written; empty: not told. */
  readonly at: string;
}

/** Of each line so much is read; what is longer was not written for people. */
const maxLine = 400;
const maxCharacters = 4 * 1024 * 1024;

const stamp = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal are what is taken out
const colours = /\u001B\[[0-9;:?]{0,40}[A-Za-z]|\u001B\][^\u0007\u001B]{0,400}(?:\u0007|\u001B\\)|\u001B[()][A-Z0-9]/g;
const workflowCommand = /^##\[([a-z]{1,20})\]/;
const shownMarks = new Set(['error', 'warning', 'notice', 'group', 'command', 'section', 'debug']);

/** A log of GitHub Actions, or of anything else, as lines: no time stamps, colours, progress that was written over. Linear. */
export function jobLogLines(log: string): readonly JobLogLine[] {
  const kept = log.length > maxCharacters ? log.slice(log.indexOf('\n', log.length - maxCharacters) + 1) : log;
  const lines = kept.split('\n').map(readLine);
  if (lines.at(-1)?.text === '') lines.pop();
  return lines;
}

function readLine(raw: string): JobLogLine {
  // Colours take room: what is left of a long line after them is cut once more.
  const cut = raw.replace(/\r$/, '').slice(0, 4 * maxLine);
  const [stamped = ''] = stamp.exec(cut) ?? [];
  const unstamped = cut.slice(stamped.length);
  const bare = unstamped.includes('\u001B') ? unstamped.replace(colours, '') : unstamped;
  const written = bare.slice(bare.lastIndexOf('\r') + 1);
  const [whole, name] = workflowCommand.exec(written) ?? [];
  const known = name !== undefined && shownMarks.has(name);
  const text = written.slice(known ? whole?.length : 0);
  const mark = name === 'error' || name === 'group' ? name : undefined;
  return { text: name === 'endgroup' ? '' : shorten(text), mark, at: stamped.replace('\uFEFF', '').trimEnd() };
}

function shorten(text: string): string {
  return text.length <= maxLine ? text.trimEnd() : `${text.slice(0, maxLine - 1)}…`;
}
