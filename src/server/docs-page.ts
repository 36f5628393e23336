import { createHash } from 'node:crypto';
import type { Json } from './openapi-schemas.ts';

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 2rem 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; border-radius: .25rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: .25rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; }
summary span { opacity: .75; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--soft); }
nav a { margin-right: 1rem; }
`;

/** Nothing but this one style: no script, no image, no frame, no form, from nowhere. */
export const docsPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schema: Json;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: Json }>> }
    >
  >;
}

interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly summary: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

/** The document as a page that needs nothing but itself. */
export function docsHtml(openApi: Json): string {
  const { info, tags, paths, components } = openApi as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<h2 id="${escaped(name)}">${escaped(name)}</h2><p>${escaped(description)}</p>${own.map(operationHtml).join('')}`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary>${jsonHtml(schema)}</details>`,
  );
  const links = [...tags.map(({ name }) => name), 'schemas'];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title><style>${style}</style></head><body>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.summary)}. Version ${escaped(info.version)}. For programs: <a href="/openapi.json">/openapi.json</a>.</p>
<p>Send <code>Authorization: Bearer &lt;API key&gt;</code>, or the OIDC token of a workflow job. What is refused is a problem
(RFC 9457): <code>detail</code> says what happened, <code>fix</code> what to do, <code>refusal</code> holds the state of things.</p>
<nav>${links.map((name) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join('')}</nav>
${sections.join('\n')}
<h2 id="schemas">schemas</h2>${schemas.join('\n')}
</body></html>
`;
}

function operationHtml(entry: {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}): string {
  const { path, method, operation } = entry;
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const rows = parameters.map(
    ({ name, in: where, required, description: text = '', schema }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(where)}${required ? ', required' : ''}</td><td>${escaped(text)} ${inlineHtml(schema)}</td></tr>`,
  );
  const answers = Object.entries(responses).map(([status, { description: text, content = {} }]) => {
    const bodies = Object.entries(content).map(
      ([type, { schema }]) => `<code>${escaped(type)}</code> ${inlineHtml(schema)}`,
    );
    return `<tr><td>${escaped(status)}</td><td>${escaped(text)}</td><td>${bodies.join('<br>')}</td></tr>`;
  });
  const body = requestBody?.content['application/json']?.schema;
  return `<details id="${escaped(operationId)}"><summary><b>${escaped(method.toUpperCase())}</b><code>${escaped(path)}</code> <span>${escaped(summary)}</span></summary>
<p>${escaped(description)}</p>
${rows.length === 0 ? '' : `<h3>Parameters</h3><table>${rows.join('')}</table>`}
${body === undefined ? '' : `<h3>Body</h3>${jsonHtml(body)}`}
<h3>Answers</h3><table>${answers.join('')}</table></details>`;
}

function inlineHtml(schema: Json): string {
  const reference = schema['$ref'];
  if (typeof reference === 'string') return linkHtml(reference);
  const text = JSON.stringify(schema);
  if (text.length <= 160) return linked(escaped(text));
  return `<details><summary>schema</summary>${jsonHtml(schema)}</details>`;
}

function jsonHtml(schema: Json): string {
  return `<pre>${linked(escaped(JSON.stringify(schema, null, 2)))}</pre>`;
}

/** References in escaped JSON become links. */
function linked(html: string): string {
  return html.replace(/#\/components\/schemas\/(\w+)/g, (reference) => linkHtml(reference));
}

function linkHtml(reference: string): string {
  const name = escaped(reference.replace('#/components/schemas/', ''));
  return `<a href="#schema-${name}"><code>${name}</code></a>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
