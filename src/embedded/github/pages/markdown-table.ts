import { html } from 'hono/html';
import { type Html, type IssueLink, renderInline } from './markdown-inline.ts';

/** `| a | b |` over `|---|---|`; undefined when there is no table here. */
export function readTable(
  lines: readonly string[],
  at: number,
  link: IssueLink,
): { readonly html: Html; readonly next: number } | undefined {
  const rule = (lines[at + 1] ?? '').trim();
  const isTable =
    (lines[at] ?? '').includes('|') && rule.includes('-') && /^[|:\- ]+$/.test(rule) && rule.includes('|');
  if (!isTable) return undefined;
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  const head = cells(lines[at] ?? '').map((cell) => html`<th>${renderInline(cell, link)}</th>`);
  const rows = lines.slice(at + 2, end).map((line) => {
    const row = cells(line).map((cell) => html`<td>${renderInline(cell, link)}</td>`);
    return html`<tr>${row}</tr>`;
  });
  const empty = cells(lines[at] ?? '').every((cell) => cell === '');
  return { html: html`<table>${empty ? '' : html`<tr>${head}</tr>`}${rows}</table>`, next: end };
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}
