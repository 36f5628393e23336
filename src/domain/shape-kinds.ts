import { isObject } from './json-shape.ts';
import type { Shape } from './shape.ts';

/** More shapes, for unions and for text from whoever may write: see shape.ts. */

export const flag: Shape<boolean> = {
  wrong: (value, field) => (typeof value === 'boolean' ? undefined : { field, wanted: 'true or false' }),
};

/** One line of text, of the length of a name or a title. */
export const lineText: Shape<string> = {
  wrong: (value, field) => {
    const line = typeof value === 'string' && value.length <= 1_000 && !/[\r\n]/.test(value);
    return line ? undefined : { field, wanted: 'a line of text' };
  },
};

/** In UTF-16 units. */
export function textUpTo(length: number): Shape<string> {
  return {
    wrong: (value, field) => {
      const fits = typeof value === 'string' && value.length <= length;
      return fits ? undefined : { field, wanted: `text of at most ${length} characters` };
    },
  };
}

export function nothingOr<Value>(shape: Shape<Value>): Shape<Value | null> {
  return { wrong: (value, field) => (value === null ? undefined : shape.wrong(value, field)) };
}

/** A union told apart by one member: a shape for each of its kinds. */
export function kindsOf<Union extends { readonly [Name in Tag]: string }, Tag extends string>(
  tag: Tag,
  shapes: {
    readonly [Kind in Union[Tag]]: Shape<Extract<Union, { readonly [Name in Tag]: Kind }>> | Shape<Union & object>;
  },
): Shape<Union> {
  const known = new Map<string, Shape<unknown>>(Object.entries(shapes));
  return {
    wrong: (value, field) => {
      if (!isObject(value)) return { field, wanted: 'a group of members' };
      const kind = value[tag];
      const shape = typeof kind === 'string' ? known.get(kind) : undefined;
      const wanted = `one of ${[...known.keys()].join(', ')}`;
      return shape === undefined
        ? { field: field === '' ? tag : `${field}.${tag}`, wanted }
        : shape.wrong(value, field);
    },
  };
}
