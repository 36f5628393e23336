import fc from 'fast-check';
import { z } from 'zod';
import { repositoryName } from '../../src/wire/task.ts';
import { claimKey, id } from '../../src/wire/text.ts';

/** Few names, so that requests meet each other's claims, runs and tasks; and now and then any that the schema allows. */
const keys = ['github/octo/slug/issues/1', 'github/octo/slug/issues/2', 'github/octo/slug/pulls/3', 'locks/deploy'];
const ids = ['coder/1', 'run-1', 'run-2', 'lease-1', 'lease-2', 'reviewer'];

/** Values that a schema of the wire takes. */
export function wireValue(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema === claimKey || isCopyOf(schema, claimKey)) {
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keys) }, stringOf(schema as z.ZodString));
  }
  if (schema === id || isCopyOf(schema, id)) {
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, stringOf(schema as z.ZodString));
  }
  if (schema === repositoryName) return fc.constantFrom('octo/slug', 'Octo/Slug', 'acme/one');
  if (schema instanceof z.ZodExactOptional) return wireValue(schema.unwrap());
  if (schema instanceof z.ZodObject) return objectOf(schema);
  if (schema instanceof z.ZodArray) return fc.array(wireValue(schema.element), { maxLength: 3 });
  if (schema instanceof z.ZodRecord) return fc.dictionary(textOf(0, 20), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  if (schema instanceof z.ZodDiscriminatedUnion) return fc.oneof(...schema.options.map((option) => wireValue(option)));
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) return numberOf(schema);
  if (schema instanceof z.ZodString) return stringOf(schema);
  if (schema instanceof z.ZodUnknown) return fc.jsonValue({ maxDepth: 3 });
  throw new TypeError(`no values for ${schema._zod.def.type}`);
}

function isCopyOf(schema: z.core.$ZodType, of: z.ZodString): boolean {
  const [own, other] = [schema instanceof z.ZodString ? patternOf(schema) : undefined, patternOf(of)];
  return own !== undefined && own.source === other?.source;
}

function objectOf(schema: z.ZodObject): fc.Arbitrary<unknown> {
  const entries = Object.entries(schema.shape);
  const required = entries.filter(([, part]) => !(part instanceof z.ZodExactOptional)).map(([name]) => name);
  const parts = Object.fromEntries(entries.map(([name, part]) => [name, wireValue(part)]));
  return fc.record(parts, { requiredKeys: required });
}

function numberOf(schema: z.ZodNumber): fc.Arbitrary<unknown> {
  const min = Math.max(schema.minValue ?? 0, Number.MIN_SAFE_INTEGER);
  const max = Math.min(schema.maxValue ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (!schema.isInt) return fc.double({ min, max, noNaN: true });
  const isAbove = checksOf(schema).some(({ check, inclusive }) => check === 'greater_than' && inclusive === false);
  const least = Math.ceil(min) + (isAbove ? 1 : 0);
  return fc.oneof(
    fc.integer({ min: least, max: Math.min(max, least + 3) }),
    fc.maxSafeInteger().map((value) => least + (Math.abs(value) % (max - least + 1 || 1))),
    fc.constantFrom(least, Math.floor(max)),
  );
}

function checksOf(schema: z.ZodType): readonly Readonly<Record<string, unknown>>[] {
  return (schema._zod.def.checks ?? []).map((check) => check._zod.def as unknown as Readonly<Record<string, unknown>>);
}

function patternOf(schema: z.ZodString): RegExp | undefined {
  return checksOf(schema)
    .map(({ pattern }) => pattern)
    .find((pattern) => pattern instanceof RegExp);
}

function stringOf(schema: z.ZodString): fc.Arbitrary<string> {
  const pattern = patternOf(schema);
  const [min, max] = [schema.minLength ?? 0, schema.maxLength ?? 1_000];
  if (pattern === undefined) return textOf(min, Math.min(max, 60));
  const fits = (text: string) => text.length >= min && text.length <= max;
  return fc.stringMatching(pattern, { size: 'small' }).filter(fits);
}

/** Any text, with what trips programs up. */
function textOf(min: number, max: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: min, maxLength: max }) },
    fc
      .constantFrom("'; DROP TABLE claims; --", '{{7*7}}', '\u0000', '‮evil', '../../etc/passwd')
      .map((text) => text.slice(0, max)),
  );
}

/** The same value with one place spoilt: dropped, replaced, added to. Most are refused; none may break anything. */
export function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const junk = fc.oneof(
    fc.constantFrom(null, -1, 1e308, 0.5, '', 'x'.repeat(3_000), [], {}, true, '\u0000'),
    fc.jsonValue({ maxDepth: 5 }),
  );
  if (typeof value !== 'object' || value === null) return junk;
  if (Array.isArray(value)) {
    const [first, ...rest] = value;
    const inner = first === undefined ? junk : spoilt(first).map((part) => [part, ...rest]);
    return fc.oneof(
      inner,
      junk,
      junk.map((part) => [...value, part]),
    );
  }
  const names = Object.keys(value);
  const added = fc.tuple(fc.constantFrom('extra', 'constructor', 'toString', 'kind'), junk);
  const withMore = added.map(([name, part]) => ({ ...value, [name]: part }));
  if (names.length === 0) return withMore;
  const withOneChanged = fc.constantFrom(...names).chain((name) => {
    const part: unknown = Reflect.get(value, name);
    return fc.oneof(
      spoilt(part).map((bad) => ({ ...value, [name]: bad })),
      fc.constant(Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))),
    );
  });
  return fc.oneof({ weight: 4, arbitrary: withOneChanged }, withMore, junk);
}
