import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html>;

/** Where `#12` leads; nowhere when there is no such issue. */
export type IssueLink = (number: number) => string | undefined;

/** First of these that fits where the scan stands; everything else is text, and text is escaped. */
const tokens: readonly { readonly pattern: RegExp; render(match: RegExpExecArray, link: IssueLink): Html }[] = [
  { pattern: /\\([\\`*_{}[\]()#+\-.!~|<>])/y, render: (match) => html`${match[1]}` },
  { pattern: /(`{2,3})([^`\n]{1,1000})\1(?!`)/y, render: (match) => html`<code>${match[2]}</code>` },
  { pattern: /`([^`\n]{1,2000})`/y, render: (match) => html`<code>${match[1]}</code>` },
  { pattern: /!\[([^\]\n]{0,300})\]\(([^()\s]{1,1000})\)/y, render: (match) => anchor(match[2], `image: ${match[1]}`) },
  {
    pattern: /\[([^[\]\n]{1,500})\]\(([^()\s]{1,1000})\)/y,
    render: (match, link) => anchor(match[2], renderInline(match[1] ?? '', link)),
  },
  {
    pattern: /\*\*([^*\n]{1,2000})\*\*/y,
    render: (match, link) => html`<strong>${renderInline(match[1] ?? '', link)}</strong>`,
  },
  {
    pattern: /__([^_\n]{1,2000})__(?!\w)/y,
    render: (match, link) => html`<strong>${renderInline(match[1] ?? '', link)}</strong>`,
  },
  { pattern: /~~([^~\n]{1,2000})~~/y, render: (match, link) => html`<del>${renderInline(match[1] ?? '', link)}</del>` },
  {
    pattern: /\*([^*\s][^*\n]{0,2000})\*/y,
    render: (match, link) => html`<em>${renderInline(match[1] ?? '', link)}</em>`,
  },
  {
    pattern: /(?<!\w)_([^_\s][^_\n]{0,2000})_(?!\w)/y,
    render: (match, link) => html`<em>${renderInline(match[1] ?? '', link)}</em>`,
  },
  { pattern: /<br\s*\/?>/iy, render: () => html`<br>` },
  {
    pattern: /<(\/?)(sub|sup|kbd)>/iy,
    render: (match) => html`${raw(`<${match[1] ?? ''}${(match[2] ?? '').toLowerCase()}>`)}`,
  },
  { pattern: /<(https?:\/\/[^\s<>]{1,1000})>/y, render: (match) => anchor(match[1], match[1] ?? '') },
  {
    pattern: /https?:\/\/[^\s<>()[\]"'`]{1,1000}[^\s<>()[\]"'`.,;:!?]/y,
    render: (match) => anchor(match[0], match[0]),
  },
  { pattern: /(?<![\w&/])#(\d{1,9})\b/y, render: (match, link) => issueAnchor(match[0], link(Number(match[1]))) },
  {
    pattern: /(?<![\w/])@([A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\[bot\])?)/y,
    render: (match) => html`<span class="mention">${match[0]}</span>`,
  },
];
/** Where a token may begin; between two of these there is nothing but text. */
const opener = /[\\`![*_~<#@h]/g;

/** One run of Markdown text. Nothing of it reaches the page as HTML of its own. */
export function renderInline(text: string, link: IssueLink): Html {
  const parts: (Html | string)[] = [];
  let from = 0;
  let at = nextOpener(text, 0);
  while (at < text.length) {
    const hit = firstToken(text, at, link);
    if (hit === undefined) {
      at = nextOpener(text, at + 1);
      continue;
    }
    if (at > from) parts.push(text.slice(from, at));
    parts.push(hit.html);
    from = hit.end;
    at = nextOpener(text, from);
  }
  if (from < text.length) parts.push(text.slice(from));
  return html`${parts}`;
}

function nextOpener(text: string, from: number): number {
  opener.lastIndex = from;
  return opener.exec(text)?.index ?? text.length;
}

function firstToken(
  text: string,
  at: number,
  link: IssueLink,
): { readonly html: Html; readonly end: number } | undefined {
  for (const { pattern, render } of tokens) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const end = pattern.lastIndex;
    if (match !== null) return { html: render(match, link), end };
  }
  return undefined;
}

/** Only addresses that a click may safely follow; the others stay text. */
function anchor(address: string | undefined, text: Html | string): Html {
  const safe = address !== undefined && /^(?:https?:\/\/|\/(?!\/)|#|mailto:)/i.test(address);
  return safe ? html`<a href="${address}" rel="nofollow noreferrer">${text}</a>` : html`${text}`;
}

function issueAnchor(text: string, address: string | undefined): Html {
  return address === undefined ? html`${text}` : html`<a href="${address}">${text}</a>`;
}
