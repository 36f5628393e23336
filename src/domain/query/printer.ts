import type { QuerySpan } from './error.ts';
import { ownFieldPrefix } from './fields.ts';
import { isOwnershipTerm } from './normal-form.ts';
import type { Query, QueryValue, TermQuery } from './syntax.ts';

/** The query as text; `parseQuery` makes the same tree of it. */
export function printQuery(query: Query): string {
  return printWithSpans(query).text;
}

/** And where each term and text stands in it. */
export function printWithSpans(query: Query): { readonly text: string; readonly spans: ReadonlyMap<Query, QuerySpan> } {
  const pieces: string[] = [];
  const spans = new Map<Query, QuerySpan>();
  let length = 0;
  write(query);
  return { text: pieces.join(''), spans };

  function put(piece: string): void {
    pieces.push(piece);
    length += piece.length;
  }

  function leaf(node: Query, text: string): void {
    spans.set(node, { start: length, end: length + text.length });
    put(text);
  }

  function write(node: Query): void {
    switch (node.kind) {
      case 'all':
        return;
      case 'text':
        leaf(node, textWord(node.text));
        return;
      case 'term':
        leaf(node, termText(node));
        return;
      case 'not':
        put('-');
        writeGroup(node.part, node.part.kind === 'and' || node.part.kind === 'or');
        return;
      case 'and':
        // Only spaces between repositories and owners would mean one of them.
        writeAll(node.parts, node.parts.filter(isOwnershipTerm).length > 1 ? ' AND ' : ' ', true);
        return;
      case 'or':
        writeAll(node.parts, ' OR ', false);
        return;
      default:
        node satisfies never;
    }
  }

  function writeAll(parts: readonly Query[], separator: string, inAnd: boolean): void {
    for (const [index, part] of parts.entries()) {
      if (index > 0) put(separator);
      writeGroup(part, part.kind === 'or' || (inAnd && part.kind === 'and'));
    }
  }

  function writeGroup(part: Query, grouped: boolean): void {
    if (grouped) put('(');
    write(part);
    if (grouped) put(')');
  }
}

export function termText({ field, values }: TermQuery): string {
  return `${fieldText(field)}:${values.map(valueText).join(',')}`;
}

const bareOwnField = /^[a-z0-9_][^\s():",\\]*$/;

function fieldText(field: string): string {
  if (!field.startsWith(ownFieldPrefix)) return field;
  const own = field.slice(ownFieldPrefix.length);
  return bareOwnField.test(own) ? field : `${ownFieldPrefix}${quoted(own)}`;
}

const bareValue = /^[^\s"(),<>*\\][^\s"(),\\]*$/;

function valueText(value: QueryValue): string {
  switch (value.kind) {
    case 'any':
      return '*';
    case 'compare':
      return `${value.operator}${value.text}`;
    case 'range':
      return `${value.from}..${value.to}`;
    case 'literal':
      return bareValue.test(value.text) && !value.text.includes('..') ? value.text : quoted(value.text);
    default:
      return value satisfies never;
  }
}

const bareWord = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.+#@/-]*$/u;
const keyword = /^(?:AND|OR|NOT)$/;

function textWord(text: string): string {
  return bareWord.test(text) && !keyword.test(text) ? text : quoted(text);
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
