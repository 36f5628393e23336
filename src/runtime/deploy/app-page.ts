import { createHash } from 'node:crypto';
import { type AppOwner, appEvents, appPermissions } from '../../domain/github-app.ts';

/** The pages that a person sees on this machine while the App is made. No script, nothing from elsewhere. */

export interface AskPage {
  readonly name: string;
  readonly owner: AppOwner;
  /** GitHub's page, which takes the manifest. */
  readonly target: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

export function askPage({ name, owner, target, manifest }: AskPage): string {
  const whose = owner.kind === 'person' ? 'your account' : `the organisation ${owner.login}`;
  const host = new URL(target).host;
  const permissions = appPermissions.map(
    ({ title, level, reason }) =>
      `<tr><td>${escaped(title)}</td><td>${level === 'write' ? 'read and write' : 'read'}</td><td>${prose(reason)}</td></tr>`,
  );
  const events = appEvents.map(
    (event) => `<tr><td><code>${event.name}</code></td><td>${prose(event.reason)}</td></tr>`,
  );
  return page(
    'Make the GitHub App',
    `<h1>Make the GitHub App “${escaped(name)}”</h1>
<p>It will belong to ${escaped(whose)} on ${escaped(host)}. GitHub shows its name once more and asks you to agree; you then come back here.</p>
<form method="post" action="${escaped(target)}"><input type="hidden" name="manifest" value="${escaped(JSON.stringify(manifest))}">
<p><button>Go on to ${escaped(host)}</button></p></form>
<h2>What it may do</h2>
<table><thead><tr><th>permission</th><th>level</th><th>for</th></tr></thead><tbody>${permissions.join('')}</tbody></table>
<h2>What it is told</h2>
<table><thead><tr><th>event</th><th>for</th></tr></thead><tbody>${events.join('')}</tbody></table>
<p class="faint">It is installed nowhere until you install it. Its private key goes to AWS KMS and stays on no disk.</p>`,
  );
}

export function endPage(title: string, text: string): string {
  return page(title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
}

/** Opened as a file: a browser that follows it shows the page at `url`. */
export function leadingPage(url: string): string {
  const to = escaped(url);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${to}"><title>Make the GitHub App</title></head><body><p><a href="${to}">Go on</a></p></body></html>\n`;
}

const style = `:root{color-scheme:light dark;--line:#d0d7de;--faint:#59636e;--accent:#1f6f43}
@media(prefers-color-scheme:dark){:root{--line:#3d444d;--faint:#9198a1;--accent:#2f9e62}}
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1.25rem}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.05rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--faint)}td:first-child{white-space:nowrap}
button{font:inherit;font-weight:600;color:#fff;background:var(--accent);border:0;border-radius:.4rem;padding:.6rem 1.1rem;cursor:pointer}
button:focus-visible{outline:3px solid var(--line);outline-offset:2px}.faint{color:var(--faint);font-size:.9rem}`;

/** Only our own style, and a form that may post to GitHub alone (and to where GitHub's sign-in sends the browser). */
export function safetyHeaders(target: string): Readonly<Record<string, string>> {
  const hash = createHash('sha256').update(style).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action ${new URL(target).origin} https:; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head><body>${body}</body></html>\n`;
}

/** Reasons are written for the docs: `code` in backticks. */
function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
