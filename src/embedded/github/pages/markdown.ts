import { html, raw } from 'hono/html';
import { type Html, type IssueLink, renderInline } from './markdown-inline.ts';
import { readTable } from './markdown-table.ts';

const maxDepth = 12;

/**
 * The part of GitHub's Markdown that comments here are written in: headings, lists, check-boxes, tables, quotes, code,
 * `<details>`. Any other HTML is shown as the text that it is; comments in HTML are not shown, as on GitHub.
 */
export function renderMarkdown(text: string, link: IssueLink): Html {
  return renderBlocks(withoutComments(text.replaceAll('\r\n', '\n')).split('\n'), link, 0);
}

/** By position, not by pattern: an unclosed comment hides the rest, and a flood of openers stays cheap. */
function withoutComments(text: string): string {
  let [shown, from] = ['', 0];
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', from)) {
    shown += text.slice(from, start);
    const end = text.indexOf('-->', start + 4);
    if (end < 0) return shown;
    from = end + 3;
  }
  return shown + text.slice(from);
}

interface Block {
  readonly html: Html;
  /** Index of the first line after it. */
  readonly next: number;
}

function renderBlocks(lines: readonly string[], link: IssueLink, depth: number): Html {
  const blocks: Html[] = [];
  let at = 0;
  while (at < lines.length) {
    if ((lines[at] ?? '').trim() === '') {
      at += 1;
      continue;
    }
    const block = depth > maxDepth ? plain(lines, at) : readBlock(lines, at, { link, depth });
    blocks.push(block.html);
    at = block.next;
  }
  return html`${blocks}`;
}

interface Place {
  readonly link: IssueLink;
  readonly depth: number;
}

function readBlock(lines: readonly string[], at: number, place: Place): Block {
  const line = lines[at] ?? '';
  const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
  if (heading !== null) {
    const tag = `h${heading[1]?.length ?? 1}`;
    return {
      html: html`${raw(`<${tag}>`)}${renderInline(heading[2] ?? '', place.link)}${raw(`</${tag}>`)}`,
      next: at + 1,
    };
  }
  if (/^ {0,3}(?:`{3,}|~{3,})/.test(line)) return fence(lines, at);
  if (/^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return { html: html`<hr>`, next: at + 1 };
  if (/^ {0,3}>/.test(line)) return quote(lines, at, place);
  if (/^\s*<details\b/i.test(line)) return details(lines, at, place);
  if (itemOf(line) !== undefined) return list(lines, at, place);
  return readTable(lines, at, place.link) ?? paragraph(lines, at, place);
}

function plain(lines: readonly string[], at: number): Block {
  return { html: html`<p>${lines[at]}</p>`, next: at + 1 };
}

function fence(lines: readonly string[], at: number): Block {
  const mark = /^ {0,3}(`{3,}|~{3,})/.exec(lines[at] ?? '')?.[1] ?? '```';
  const close = lines.findIndex(
    (line, index) => index > at && line.trim().startsWith(mark) && /^[`~]+$/.test(line.trim()),
  );
  const end = close < 0 ? lines.length : close;
  return { html: html`<pre><code>${lines.slice(at + 1, end).join('\n')}</code></pre>`, next: end + 1 };
}

function quote(lines: readonly string[], at: number, { link, depth }: Place): Block {
  let end = at;
  while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? '')) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
  return { html: html`<blockquote>${renderBlocks(inner, link, depth + 1)}</blockquote>`, next: end };
}

function details(lines: readonly string[], at: number, { link, depth }: Place): Block {
  let [level, end] = [0, at];
  for (; end < lines.length; end++) {
    level += count(lines[end], /<details\b/gi) - count(lines[end], /<\/details>/gi);
    if (level <= 0) break;
  }
  const inside = lines
    .slice(at, end + 1)
    .join('\n')
    .replace(/^\s*<details[^>]*>/i, '')
    .replace(/<\/details>\s*$/i, '');
  const summary = /<summary>([\s\S]{0,1000}?)<\/summary>/i.exec(inside);
  const body = summary === null ? inside : inside.replace(summary[0], '');
  const title = (summary?.[1] ?? 'Details').replaceAll(/<\/?(?:b|strong|i|em|code)>/gi, '').trim();
  const content = renderBlocks(body.split('\n'), link, depth + 1);
  return { html: html`<details><summary>${renderInline(title, link)}</summary>${content}</details>`, next: end + 1 };
}

function count(line: string | undefined, pattern: RegExp): number {
  return line?.match(pattern)?.length ?? 0;
}

interface Item {
  readonly indent: number;
  /** Columns up to the item's own text. */
  readonly width: number;
  readonly ordered: boolean;
  readonly text: string;
}

function itemOf(line: string): Item | undefined {
  const match = /^( *)([-*+]|\d{1,9}[.)]) +(.*)$/.exec(line);
  const [indent, marker, text] = [match?.[1], match?.[2], match?.[3]];
  if (indent === undefined || marker === undefined || text === undefined) return undefined;
  return { indent: indent.length, width: indent.length + marker.length + 1, ordered: /\d/.test(marker), text };
}

function list(lines: readonly string[], at: number, { link, depth }: Place): Block {
  const first = itemOf(lines[at] ?? '');
  if (first === undefined) return plain(lines, at);
  const items: Html[] = [];
  let next = at;
  for (let item: Item | undefined = first; item !== undefined && item.indent === first.indent; ) {
    const inner = [item.text];
    next += 1;
    while (next < lines.length && belongs(lines, next, item))
      inner.push((lines[next++] ?? '').slice(item.width).trimEnd());
    items.push(listItem(inner, link, depth));
    const ahead: number = (lines[next] ?? '').trim() === '' ? next + 1 : next;
    item = itemOf(lines[ahead] ?? '');
    if (item !== undefined && item.indent === first.indent) next = ahead;
  }
  return { html: first.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`, next };
}

/** Whatever is indented at least as far as the item's text is inside the item, over empty lines too. */
function belongs(lines: readonly string[], at: number, item: Item): boolean {
  const line = lines[at] ?? '';
  const inside = (each: string | undefined) =>
    each !== undefined && /^ */.exec(each)?.[0].length !== undefined && each.search(/\S/) > item.indent + 1;
  return line.trim() === '' ? inside(lines[at + 1]) : inside(line);
}

function listItem(inner: readonly string[], link: IssueLink, depth: number): Html {
  const task = /^\[([ xX])\] +(.*)$/.exec(inner[0] ?? '');
  const first = renderInline(task?.[2] ?? inner[0] ?? '', link);
  const rest = inner.length > 1 ? renderBlocks(inner.slice(1), link, depth + 1) : html``;
  if (task === null) return html`<li>${first}${rest}</li>`;
  const done = task[1] !== ' ';
  const tick = done ? html`<span class="tick done">✓</span>` : html`<span class="tick"></span>`;
  return html`<li class="task">${tick}${first}${rest}</li>`;
}

/** GitHub keeps the line breaks of comments. */
function paragraph(lines: readonly string[], at: number, { link }: Place): Block {
  let end = at + 1;
  while (end < lines.length && continues(lines[end] ?? '')) end += 1;
  const rows = lines
    .slice(at, end)
    .map((line, index) => html`${index === 0 ? '' : html`<br>`}${renderInline(line.trim(), link)}`);
  return { html: html`<p>${rows}</p>`, next: end };
}

function continues(line: string): boolean {
  return (
    line.trim() !== '' && !/^ {0,3}(?:#{1,6}\s|`{3,}|~{3,}|>|<details\b)/i.test(line) && itemOf(line) === undefined
  );
}
