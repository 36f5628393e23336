/** The part of JSON Schema that our tools use. The model gets it as it stands, so both sides read the same contract. */
export type FieldSchema =
  | TextSchema
  | {
      readonly type: 'integer' | 'number';
      readonly description: string;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly type: 'boolean'; readonly description: string }
  | {
      readonly type: 'array';
      readonly description: string;
      readonly items: Omit<TextSchema, 'description'> | InputSchema;
      readonly minItems?: number;
      readonly maxItems?: number;
    };

interface TextSchema {
  readonly type: 'string';
  readonly description: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Only one of these words. */
  readonly enum?: readonly string[];
}

export type InputSchema = {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
};

type ValueOf<Field> = Field extends { type: 'string'; enum: infer Words extends readonly string[] }
  ? Words[number]
  : Field extends { type: 'string' }
    ? string
    : Field extends { type: 'integer' | 'number' }
      ? number
      : Field extends { type: 'boolean' }
        ? boolean
        : Field extends { type: 'array'; items: infer Items }
          ? readonly ValueOf<Items>[]
          : Field extends InputSchema
            ? InputOf<Field>
            : never;

/** What a schema lets through, as a type. */
export type InputOf<Schema extends InputSchema> = {
  readonly [Key in keyof Schema['properties'] as Key extends Schema['required'][number] ? Key : never]: ValueOf<
    Schema['properties'][Key]
  >;
} & {
  readonly [Key in keyof Schema['properties'] as Key extends Schema['required'][number] ? never : Key]?: ValueOf<
    Schema['properties'][Key]
  >;
};

export type ParsedInput<Schema extends InputSchema> =
  | { readonly kind: 'valid'; readonly input: InputOf<Schema> }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Checks what a model wrote against the schema. All problems at once; nothing is converted or guessed. */
export function parseToolInput<const Schema extends InputSchema>(schema: Schema, input: unknown): ParsedInput<Schema> {
  if (!isPlainObject(input)) {
    return { kind: 'invalid', problems: [`the input is ${nameOf(input)}, an object is needed`] };
  }
  const { problems, values } = readObject(schema, input);
  if (problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'valid', input: values as InputOf<Schema> };
}

/** `path (string), from_line (integer, optional)`; what entries of a list hold is told after it. */
export function describeFields(schema: InputSchema): string {
  return Object.entries(schema.properties)
    .map(([name, field]) => {
      const type = field.type === 'array' ? describeList(field) : describeWord(field);
      return `${name} (${type}${schema.required.includes(name) ? '' : ', optional'})`;
    })
    .join(', ');
}

function describeList({ items }: Extract<FieldSchema, { type: 'array' }>): string {
  return items.type === 'string' ? 'array of strings' : `array of objects with ${describeFields(items)}`;
}

function describeWord(field: Exclude<FieldSchema, { type: 'array' }>): string {
  return field.type === 'string' && field.enum !== undefined ? field.enum.join(' | ') : field.type;
}

interface ReadObject {
  readonly problems: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

function readObject(schema: InputSchema, object: Readonly<Record<string, unknown>>): ReadObject {
  const given = new Map<string, unknown>(Object.entries(object));
  const problems: string[] = [];
  for (const name of schema.required) {
    if (given.get(name) === undefined) problems.push(`"${name}" is missing`);
  }
  const values: [string, unknown][] = [];
  for (const [name, value] of given) {
    const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (field === undefined) {
      problems.push(`"${name.slice(0, 80)}" is not a field`);
    } else if (value !== undefined) {
      const problem = problemOf(field, value);
      if (problem === undefined) values.push([name, value]);
      else problems.push(`"${name}" ${problem}`);
    }
  }
  return { problems, values: Object.fromEntries(values) };
}

function problemOf(field: FieldSchema, value: unknown): string | undefined {
  switch (field.type) {
    case 'string':
      return textProblem(field, value);
    case 'integer':
    case 'number':
      return numberProblem(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `is ${nameOf(value)}, a boolean is needed`;
    case 'array':
      return listProblem(field, value);
    default:
      return field satisfies never;
  }
}

function textProblem(field: Omit<TextSchema, 'description'>, value: unknown): string | undefined {
  if (typeof value !== 'string') return `is ${nameOf(value)}, a string is needed`;
  if (value.trim() === '' && (field.minLength ?? 0) > 0) return 'is empty';
  if (value.length > (field.maxLength ?? Number.POSITIVE_INFINITY)) {
    return `has ${value.length} characters, at most ${field.maxLength} are allowed`;
  }
  if (field.enum !== undefined && !field.enum.includes(value)) {
    return `is ${JSON.stringify(value.slice(0, 40))}, one of ${field.enum.join(', ')} is needed`;
  }
  return undefined;
}

function numberProblem(
  field: { type: 'integer' | 'number'; minimum?: number; maximum?: number },
  value: unknown,
): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return `is ${nameOf(value)}, a number is needed`;
  if (field.type === 'integer' && !Number.isSafeInteger(value)) return `is ${value}, a whole number is needed`;
  if (value < (field.minimum ?? Number.NEGATIVE_INFINITY)) return `is ${value}, the least is ${field.minimum}`;
  if (value > (field.maximum ?? Number.POSITIVE_INFINITY)) return `is ${value}, the most is ${field.maximum}`;
  return undefined;
}

function listProblem(field: Extract<FieldSchema, { type: 'array' }>, value: unknown): string | undefined {
  const of = field.items.type === 'string' ? 'strings' : 'objects';
  if (!Array.isArray(value)) return `is ${nameOf(value)}, an array of ${of} is needed`;
  if (value.length < (field.minItems ?? 0)) return `has ${value.length} entries, at least ${field.minItems} are needed`;
  if (value.length > (field.maxItems ?? Number.POSITIVE_INFINITY)) {
    return `has ${value.length} entries, at most ${field.maxItems} are allowed`;
  }
  const problems = value.map((item: unknown) => entryProblem(field.items, item));
  const first = problems.findIndex((problem) => problem !== undefined);
  return first === -1 ? undefined : `entry ${first + 1} ${problems[first] ?? ''}`;
}

function entryProblem(items: Omit<TextSchema, 'description'> | InputSchema, item: unknown): string | undefined {
  if (items.type === 'string') return textProblem(items, item);
  if (!isPlainObject(item)) return `is ${nameOf(item)}, an object is needed`;
  const { problems } = readObject(items, item);
  return problems.length === 0 ? undefined : `is not as it should be: ${problems.join(', ')}`;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
