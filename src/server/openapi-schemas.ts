import * as z from 'zod';

export type Json = Readonly<Record<string, unknown>>;

export interface SchemaBook {
  /** The JSON Schema of it, with references to named ones. */
  of(schema: z.core.$ZodType): Json;
  /** All named ones that were met. */
  named(): Json;
}

/** JSON Schemas of zod's, where each that has a name is told once under `#/components/schemas`. */
export function createSchemaBook(): SchemaBook {
  const named = new Map<string, unknown>();
  const known = new Map<z.core.$ZodType, Json>();
  const make = (schema: z.core.$ZodType): Json => {
    const made = z.toJSONSchema(schema, { unrepresentable: 'any', override: shorten, target: 'draft-2020-12' });
    const { $schema: _dialect, $defs = {}, ...own } = moved(made) as Json & { readonly $defs?: Json };
    for (const [name, definition] of Object.entries($defs)) named.set(name, definition);
    const { id } = z.globalRegistry.get(schema) ?? {};
    if (id === undefined || '$ref' in own) return own;
    named.set(id, own);
    return { $ref: `${place}${id}` };
  };
  return {
    of: (schema) => {
      const made = known.get(schema) ?? make(schema);
      known.set(schema, made);
      return made;
    },
    named: () => Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const place = '#/components/schemas/';

/** A limit that every number of JavaScript has anyway says nothing to a reader. */
function shorten({ jsonSchema }: { readonly jsonSchema: { maximum?: number | undefined } }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** References lead to the document's components. An `id` would make a schema a resource of its own, where they begin anew. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      if (name === 'id' && typeof inner === 'string') return [];
      if (name === '$ref' && typeof inner === 'string') return [[name, inner.replace('#/$defs/', place)]];
      return [[name, moved(inner)]];
    }),
  );
}
