import { markdownLines, splitSpans } from './markdown-code.ts';
import { withoutInvisible } from './sanitise/invisible-characters.ts';
import { note, type RemovalKind, type Tally } from './sanitise/removals.ts';
import { cutText, oneLine, shortLine, stripInvisible } from './visible-text.ts';

export interface OutgoingOptions {
  /** The issue being worked on: the only one whose number may become a link. */
  readonly issue: number;
  /** What addresses of the repository itself begin with (`https://github.com/octo/slug/`): only those stay clickable. */
  readonly ownAddress?: string;
  readonly maxLength: number;
  /** Counts what was made harmless. */
  readonly removed?: Tally;
}

/**
 * Text that a model or a stranger wrote, made harmless to publish as markdown: nobody is notified, no other issue is
 * closed or linked, nothing is hidden, no picture is fetched, no heading passes for one of ours. Linear in the text.
 */
export function neutraliseMarkdown(text: string, options: OutgoingOptions): string {
  // What is taken off its beginning afterwards could make a heading of its first line.
  const visible = cutText(withoutInvisible(text, options.removed).trimStart(), options.maxLength);
  const lines = markdownLines(visible).map((line) =>
    line.kind === 'fenced' ? tameCode(line.text, options) : tameBlock(line.text.trimEnd(), options),
  );
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The same for one line of markdown that we put behind a bullet, a number or a label of ours. */
export function neutraliseInline(text: string, options: OutgoingOptions): string {
  const line = shownLine(text, options).replace(/`{2,}/g, '`').replace(/~{2,}/g, '~');
  return tameLine(line.replace(/^[#>=+*\s-]+(?=.)/, ''), options);
}

/** The same for plain text that GitHub shows without markup, but for addresses: a title, a line of a commit message. */
export function neutraliseLine(text: string, options: OutgoingOptions): string {
  return tamePlain(shownLine(text, options), options);
}

/** Many lines of plain text: the body of a commit message. */
export function neutraliseLines(text: string, options: OutgoingOptions): string {
  const lines = cutText(withoutInvisible(text, options.removed), options.maxLength).split('\n');
  const tame = lines.map((line) => tamePlain(shortLine(line, longestLine), options));
  return tame
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const longestLine = 1_000;

function tamePlain(shown: string, options: OutgoingOptions): string {
  if (!acting.test(shown)) return shown;
  const line = breakComments(shown, options).replace(/!\[/g, '[');
  return tameNames(defang(breakClosingKeywords(line, options), options), options).replace(/`{2,}/g, '`');
}

/** Text to show inside a code span of ours: one line, no backtick. */
export function asCodeSpan(text: string, maxLength: number): string {
  const line = tameCode(oneLine(text, maxLength), {}).replace(/`/g, "'");
  return line === '' ? '(empty)' : `\`${line}\``;
}

/** Text to show as a fenced block of ours: the fence is longer than any run of backticks within. */
export function asCodeBlock(text: string, maxLength: number, label: 'text' | 'diff' = 'text'): string {
  const body = tameCode(cutText(stripInvisible(text), maxLength), {}).trimEnd();
  const longest = (body.match(/`+/g) ?? []).reduce((max, run) => Math.max(max, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${label}\n${body}\n${fence}`;
}

function tameLine(line: string, options: OutgoingOptions): string {
  if (!/[`\\~]/.test(line)) return tameProse(line, options);
  const pieces = splitSpans(line).map((piece) =>
    piece.kind === 'code' ? tameCode(piece.text, options) : tameProse(piece.text, options),
  );
  // Two spans that touch would be read as one longer run of backticks.
  const apart = pieces.map((piece, at) =>
    piece.startsWith('`') && pieces[at - 1]?.endsWith('`') ? ` ${piece}` : piece,
  );
  return apart.join('');
}

/** What a line must hold for any of this to change it. */
const acting = /[&<!@#\]\\`~:=]|www\.|GH-|^\s*-+$/i;

type Counting = Pick<OutgoingOptions, 'removed'>;

function shownLine(text: string, options: OutgoingOptions): string {
  return shortLine(withoutInvisible(text, options.removed), options.maxLength);
}

/** What stands in the place of something that is counted. */
function counting({ removed }: Counting, kind: RemovalKind, put: string): () => string {
  return () => {
    note(removed, kind);
    return put;
  };
}

/** An HTML comment opens nowhere, not even in code: markers of ours are found by plain search. */
function breakComments(text: string, options: Counting): string {
  return text.replace(/<!--/g, counting(options, 'markup', '< !--'));
}

function tameCode(text: string, options: Counting): string {
  if (!/<!--|#|GH-|:\/\/|\[/i.test(text)) return text;
  return breakSkips(breakClosingKeywords(breakComments(text, options), options), options);
}

function tameMarks(text: string, options: Counting): string {
  return text
    .replace(/&(?!(?:amp|lt);)(?=[#A-Za-z])/g, '&amp;')
    .replace(/<(?=[A-Za-z/!?])/g, counting(options, 'markup', '&lt;'))
    .replace(/!\[/g, counting(options, 'picture', '['))
    .replace(/\]\(/g, '] (')
    .replace(/\]:/g, ']\\:');
}

function tameProse(text: string, options: OutgoingOptions): string {
  if (!acting.test(text)) return text;
  const inert = /[&<!\]]/.test(text) ? tameMarks(text, options) : text;
  return tameNames(defang(breakClosingKeywords(inert, options), options), options);
}

/** Whole chains such as `#7@bob`: what is left outside of the code span would start anew and count as a mention. */
const names =
  /(?<![A-Za-z0-9])@[A-Za-z0-9][A-Za-z0-9@/_#-]*|(?<![A-Za-z0-9._/-])[A-Za-z0-9._/-]{1,140}#[0-9]{1,10}[A-Za-z0-9@/_#-]*|#[0-9]{1,10}[A-Za-z0-9@/_#-]*|\bGH-[0-9]{1,10}[A-Za-z0-9@/_#-]*/gi;

/** Mentions and references become code, which GitHub neither links nor notifies. */
function tameNames(text: string, options: OutgoingOptions): string {
  if (!/[@#[]|GH-/i.test(text)) return text;
  const own = `#${options.issue}`;
  const unskipped = breakSkips(breakClosingKeywords(dropEscapes(text), options), options);
  return unskipped.replace(names, (name, at: number, all: string) => {
    if (name === own) return name;
    note(options.removed, name.includes('@') ? 'mention' : 'reference');
    // A backslash right before would escape the span's first mark.
    return all.charAt(at - 1) === '\\' ? ` \`${name}\`` : `\`${name}\``;
  });
}

/** `\@bob` and `\#7` are read without their backslashes, so the backslashes go; runs are consumed whole, hence linear. */
function dropEscapes(text: string): string {
  return text.replace(/\\+/g, (run, at: number) =>
    /^(?:[@#]|GH-)/i.test(text.slice(at + run.length, at + run.length + 3)) ? '' : run,
  );
}

/** `fixes #7` would close issue 7 on merge, in a body and in a commit message alike; only we say what a change closes. */
function breakClosingKeywords(text: string, { removed }: Counting): string {
  if (!/#|GH-|:\/\//i.test(text)) return text;
  return text.replace(
    /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)[\s:*_~\\()[\]`]{1,8}(?:https?:\/\/\S{1,200}\/(?:issues|pull)\/|[\w.-]{1,39}\/[\w.-]{1,100}#|#|GH-)([0-9]{1,10})/gi,
    (_whole, keyword: string, digits: string) => {
      note(removed, 'closing');
      return `${keyword} issue ${digits}`;
    },
  );
}

/** `[skip ci]` in a title or message would leave a pull request without checks; in code too, for a body may become a message. */
function breakSkips(text: string, { removed }: Counting): string {
  return text.replace(/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi, (_, words: string) => {
    note(removed, 'skip');
    return `(${words})`;
  });
}

function defang(text: string, { issue, ownAddress, removed }: OutgoingOptions): string {
  if (!/:|www\./i.test(text)) return text;
  const address = /\b(https?|ftp|mailto|xmpp):(\/\/)?[^\s/?#<>()[\]"'`]*/gi;
  return text
    .replace(address, (whole, scheme: string, slashes: string | undefined, at: number) => {
      if (ownAddress !== undefined && isOwn(text.slice(at, at + longestAddress), ownAddress, issue)) return whole;
      note(removed, 'address');
      return `${scheme}[:]${slashes ?? ''}${whole.slice(scheme.length + 1 + (slashes?.length ?? 0))}`;
    })
    .replace(/\bwww\.(?=[A-Za-z0-9])/gi, 'www[.]');
}

const longestAddress = 600;

/** Within the repository, and no issue or pull request but its own: a link to another one would be told there. */
function isOwn(text: string, ownAddress: string, issue: number): boolean {
  if (text.slice(0, ownAddress.length).toLowerCase() !== ownAddress.toLowerCase()) return false;
  const path = /^[^\s<>()[\]"'`]*/.exec(text.slice(ownAddress.length))?.[0] ?? '';
  const leaves = /\.\.|%2e|[\\@]/i.test(path);
  const talks = /^(?:issues|pull|pulls|discussions)(?![A-Za-z])/i.test(path);
  return !leaves && (!talks || new RegExp(`^issues/${issue}(?![0-9])`).test(path));
}

const headingMarks = /^(\s{0,3}(?:[-*+>]\s{0,3}|[0-9]{1,9}[.)]\s{0,3})*)(#{1,6})(?=\s|$)/;

/** Headings become bold lines and underlines plain text, so that only our own sections look like sections. */
function tameBlock(line: string, options: OutgoingOptions): string {
  if (!acting.test(line)) return line;
  const heading = line.includes('#') ? headingMarks.exec(line) : null;
  if (heading !== null) {
    const words = tameLine(
      line
        .slice(heading[0].length)
        .replace(/[*#\\]/g, '')
        .trim(),
      options,
    );
    return words === '' ? '' : `**${words}**`;
  }
  // Taming drops backslashes, one of which may have kept a heading from being one.
  const tame = tameLine(line, options);
  const plain = tame.includes('#') ? tame.replace(headingMarks, '$1\\$2') : tame;
  return /[=-]$/.test(plain) ? plain.replace(/^(\s{0,3})([=-])(?=[=-]*$)/, '$1\\$2') : plain;
}
