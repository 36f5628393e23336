import type { z } from 'zod';

/** A typed query as `?a=1&b=2`, empty when there is nothing; lists with commas. */
export function queryString(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    search.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/**
 * The texts of a query string as what the schema expects: whole numbers, yes and no, lists. What cannot be read stays text,
 * and the schema says what is wrong with it. A parameter that stands there twice is a list, which no schema of ours takes.
 */
export function readQueryString(schema: z.ZodObject, search: URLSearchParams): Readonly<Record<string, unknown>> {
  const values: [string, unknown][] = [];
  for (const name of new Set(search.keys())) {
    const [first, ...more] = search.getAll(name);
    const wanted = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    values.push([
      name,
      more.length > 0 ? [first, ...more].map(String).join('&') : readText(kindOf(wanted), first ?? ''),
    ]);
  }
  return Object.fromEntries(values);
}

function kindOf(schema: z.core.$ZodType | undefined): string | undefined {
  const inner: unknown = schema === undefined ? undefined : Reflect.get(schema._zod.def, 'innerType');
  return inner === undefined ? schema?._zod.def.type : kindOf(inner as z.core.$ZodType);
}

function readText(kind: string | undefined, text: string): unknown {
  switch (kind) {
    case 'number':
      return /^-?[0-9]{1,17}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      return text === '' ? [] : text.split(',');
    default:
      return text;
  }
}
