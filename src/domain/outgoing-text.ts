import { markdownLines, splitSpans } from './markdown-code.ts';
import { cutText, oneLine, stripInvisible } from './visible-text.ts';

export interface OutgoingOptions {
  /** The issue being worked on: the only one whose number may become a link. */
  readonly issue: number;
  /** Hosts whose addresses stay clickable; all others are shown as text. */
  readonly allowedHosts: readonly string[];
  readonly maxLength: number;
}

/**
 * Text that a model or a stranger wrote, made harmless to publish as markdown: nobody is notified, no other issue is
 * closed or linked, nothing is hidden, no picture is fetched, no heading passes for one of ours. Linear in the text.
 */
export function neutraliseMarkdown(text: string, options: OutgoingOptions): string {
  const visible = cutText(stripInvisible(text), options.maxLength);
  const lines = markdownLines(visible).map((line) =>
    line.kind === 'fenced' ? tameCode(line.text) : tameBlock(line.text.trimEnd(), options),
  );
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The same for one line of markdown that we put behind a bullet, a number or a label of ours. */
export function neutraliseInline(text: string, options: OutgoingOptions): string {
  const line = oneLine(text, options.maxLength).replace(/`{2,}/g, '`').replace(/~{2,}/g, '~');
  return tameLine(line.replace(/^[#>=+*\s-]+(?=.)/, ''), options);
}

/** The same for plain text that GitHub shows without markup, but for addresses: a title, a line of a commit message. */
export function neutraliseLine(text: string, options: OutgoingOptions): string {
  const line = breakComments(oneLine(text, options.maxLength)).replace(/!\[/g, '[');
  return tameNames(defang(line, options.allowedHosts), options).replace(/`{2,}/g, '`');
}

/** Many lines of plain text: the body of a commit message. */
export function neutraliseLines(text: string, options: OutgoingOptions): string {
  const lines = cutText(stripInvisible(text), options.maxLength).split('\n');
  const tame = lines.map((line) => neutraliseLine(line, { ...options, maxLength: 1_000 }));
  return tame
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Text to show inside a code span of ours: one line, no backtick. */
export function asCodeSpan(text: string, maxLength: number): string {
  const line = tameCode(oneLine(text, maxLength)).replace(/`/g, "'");
  return line === '' ? '(empty)' : `\`${line}\``;
}

/** Text to show as a fenced block of ours: the fence is longer than any run of backticks within. */
export function asCodeBlock(text: string, maxLength: number): string {
  const body = tameCode(cutText(stripInvisible(text), maxLength)).trimEnd();
  const longest = (body.match(/`+/g) ?? []).reduce((max, run) => Math.max(max, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${body}\n${fence}`;
}

function tameLine(line: string, options: OutgoingOptions): string {
  const pieces = splitSpans(line).map((piece) =>
    piece.kind === 'code' ? tameCode(piece.text) : tameProse(piece.text, options),
  );
  // Two spans that touch would be read as one longer run of backticks.
  const apart = pieces.map((piece, at) =>
    piece.startsWith('`') && pieces[at - 1]?.endsWith('`') ? ` ${piece}` : piece,
  );
  return apart.join('');
}

/** An HTML comment opens nowhere, not even in code: markers of ours are found by plain search. */
function breakComments(text: string): string {
  return text.replace(/<!--/g, '< !--');
}

function tameCode(text: string): string {
  return breakClosingKeywords(breakComments(text));
}

function tameProse(text: string, options: OutgoingOptions): string {
  const inert = text
    .replace(/&(?=[#A-Za-z])/g, '&amp;')
    .replace(/<(?=[A-Za-z/!?])/g, '&lt;')
    .replace(/!\[/g, '[')
    .replace(/\]\(/g, '] (')
    .replace(/\]:/g, ']\\:');
  return tameNames(defang(inert, options.allowedHosts), options);
}

/** Whole chains such as `#7@bob`: what is left outside of the code span would start anew and count as a mention. */
const names =
  /(?<![A-Za-z0-9])@[A-Za-z0-9][A-Za-z0-9@/_#-]*|[A-Za-z0-9._/-]{0,140}#[0-9]{1,10}[A-Za-z0-9@/_#-]*|\bGH-[0-9]{1,10}[A-Za-z0-9@/_#-]*/gi;

/** Mentions and references become code, which GitHub neither links nor notifies. */
function tameNames(text: string, options: OutgoingOptions): string {
  const own = `#${options.issue}`;
  return breakSkips(breakClosingKeywords(dropEscapes(text))).replace(names, (name, at: number, all: string) => {
    if (name === own) return name;
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
function breakClosingKeywords(text: string): string {
  return text.replace(
    /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)[\s:*_~\\()[\]`]{1,8}(?:https?:\/\/\S{1,200}\/(?:issues|pull)\/|[\w.-]{1,39}\/[\w.-]{1,100}#|#|GH-)([0-9]{1,10})/gi,
    (_whole, keyword: string, digits: string) => `${keyword} issue ${digits}`,
  );
}

/** `[skip ci]` in a title or message would leave a pull request without checks. */
function breakSkips(text: string): string {
  return text.replace(/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi, '($1)');
}

function defang(text: string, allowedHosts: readonly string[]): string {
  return text
    .replace(/\b(https?|ftp|mailto|xmpp):(\/\/)?([^\s/?#<>()[\]"'`]*)/gi, (...[whole, scheme, slashes, authority]) => {
      const host = String(authority)
        .replace(/[.,;:!]$/, '')
        .toLowerCase();
      const allowed = /^https?$/i.test(scheme) && slashes !== undefined && allowedHosts.includes(host);
      return allowed ? whole : `${scheme}[:]${slashes ?? ''}${authority}`;
    })
    .replace(/\bwww\.(?=[A-Za-z0-9])/gi, 'www[.]');
}

const headingMarks = /^(\s{0,3}(?:[-*+>]\s{0,3}|[0-9]{1,9}[.)]\s{0,3})*)(#{1,6})(?=\s|$)/;

/** Headings become bold lines and underlines plain text, so that only our own sections look like sections. */
function tameBlock(line: string, options: OutgoingOptions): string {
  const heading = headingMarks.exec(line);
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
  return tameLine(line, options)
    .replace(headingMarks, '$1\\$2')
    .replace(/^(\s{0,3})([=-])(?=[=-]*$)/, '$1\\$2');
}
