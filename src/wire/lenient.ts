import * as z from 'zod';

/**
 * The same schema for the reader of an answer: members that it does not know are dropped instead of refused, so that an
 * older client understands a newer coordinator. What is sent to the coordinator stays strict.
 */
export function lenient<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  const made = known.get(schema) ?? loosened(schema);
  known.set(schema, made);
  return made as z.ZodType<z.output<Schema>>;
}

/** Building costs more than reading. */
const known = new WeakMap<z.ZodType, z.ZodType>();

function loosened(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    return z.object(Object.fromEntries(Object.entries(schema.shape).map(([name, part]) => [name, loosened(part)])));
  }
  if (schema instanceof z.ZodArray) return z.array(loosened(schema.element));
  if (schema instanceof z.ZodExactOptional) return z.exactOptional(loosened(schema.unwrap()));
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const [first, ...rest] = schema.options.map((option) => loosened(option) as z.ZodObject);
    return first === undefined ? schema : z.discriminatedUnion(schema.def.discriminator, [first, ...rest]);
  }
  return schema as z.ZodType;
}
