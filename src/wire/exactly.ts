import * as z from 'zod';

/** Two types that say the same, readonly or not: compared as wholes, so that a forgotten optional member is noticed. */
type Same<A, B> = (<T>() => T extends Frozen<A> ? 1 : 2) extends <T>() => T extends Frozen<B> ? 1 : 2 ? true : false;

type Frozen<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? { readonly items: Frozen<Item> }
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/**
 * Ties a schema to the type of the domain that it reads: `exactly<Lease>('Lease')(z.strictObject({ … }))` does not compile
 * when either has a member that the other lacks. The schema itself is given back, with all that zod knows of it; the name
 * is that of the component in the OpenAPI document.
 */
export function exactly<Type>(name: string) {
  return <Schema extends z.ZodType>(schema: Same<z.output<Schema>, Type> extends true ? Schema : never): Schema => {
    z.globalRegistry.add(schema, { id: name });
    return schema;
  };
}
