import { type GraphqlField, type GraphqlSchema, type GraphqlType, githubSchema } from './graphql-schema.ts';
import { GraphqlWords } from './graphql-words.ts';

/** What GitHub's own schema says against a query of ours, and against an answer to it; empty when nothing. */
export function createGraphqlChecker(): (query: string, answer?: unknown) => readonly string[] {
  const schema = githubSchema();
  return (query, answer) => {
    const problems: string[] = [];
    try {
      const words = new GraphqlWords(query);
      const root = words.take() === 'mutation' ? 'Mutation' : 'Query';
      const variables = words.skip('(') ? readVariables(words) : new Map<string, string>();
      new Walk({ schema, variables, problems }, words).selection(root, isObject(answer) ? answer['data'] : undefined);
      if (words.next !== '') problems.push(`"${words.next}" after its end`);
    } catch (error) {
      problems.push(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return problems;
  };
}

function readVariables(words: GraphqlWords): Map<string, string> {
  const variables = new Map<string, string>();
  while (!words.skip(')')) {
    words.expect('$');
    const name = words.take();
    words.expect(':');
    variables.set(name, words.type());
  }
  return variables;
}

interface Ground {
  readonly schema: GraphqlSchema;
  readonly variables: ReadonlyMap<string, string>;
  readonly problems: string[];
}

type Answered = unknown;

/** Down the query, and down the answer beside it; of a list each entry is looked at. */
class Walk {
  readonly #ground: Ground;
  readonly #words: GraphqlWords;

  constructor(ground: Ground, words: GraphqlWords) {
    this.#ground = ground;
    this.#words = words;
  }

  selection(on: string, answer: Answered): void {
    const { problems, schema } = this.#ground;
    const words = this.#words;
    const type = schema.get(on);
    if (type === undefined) throw new Error(`${on} is not in the extract: add it in scripts/github-graphql.ts`);
    words.expect('{');
    while (!words.skip('}')) {
      if (words.skip('...')) {
        words.expect('on');
        const narrowed = words.take();
        const fits = on === narrowed || schema.get(narrowed)?.interfaces.includes(on) === true;
        if (!fits) problems.push(`no ${on} is a ${narrowed}`);
        this.selection(narrowed, answer);
      } else this.#field(on, type, answer);
    }
  }

  #field(on: string, type: GraphqlType, answer: Answered): void {
    const { problems, schema } = this.#ground;
    const words = this.#words;
    const alias = words.take();
    const name = words.skip(':') ? words.take() : alias;
    const field = type.fields.get(name);
    if (field === undefined) throw new Error(`${on} has no field ${name}`);
    if (field.deprecated) problems.push(`${on}.${name} is deprecated`);
    if (words.skip('(')) this.#arguments(`${on}.${name}`, field.args);
    else this.#arguments(`${on}.${name}`, field.args, 'none');
    const told = entriesOf(answer).map((entry) => entry[alias]);
    for (const each of told) problems.push(...wrongAnswer(`${on}.${name}`, field, each));
    if (words.next === '{') this.selection(bare(field.type), told.flat());
    else if (schema.get(bare(field.type))?.kind === 'type')
      problems.push(`${on}.${name} is an object, and nothing of it is asked`);
  }

  #arguments(where: string, known: GraphqlField['args'], given: 'some' | 'none' = 'some'): void {
    const { problems, variables, schema } = this.#ground;
    const words = this.#words;
    const seen = new Set<string>();
    const isClosed = () => given === 'none' || words.skip(')') || words.skip('}');
    while (!isClosed()) {
      const name = words.take();
      words.expect(':');
      seen.add(name);
      const argument = known.get(name);
      if (argument === undefined) problems.push(`${where} takes no ${name}`);
      const input = schema.get(bare(argument?.type ?? ''));
      if (input?.kind === 'input' && words.skip('{')) {
        const fields = [...input.fields].map(
          ([key, { type }]) => [key, { type, required: type.endsWith('!') }] as const,
        );
        this.#arguments(`${where} ${name}`, new Map(fields));
        continue;
      }
      const value = words.value();
      const type = value.startsWith('$') ? variables.get(value.slice(1)) : undefined;
      if (value.startsWith('$') && type === undefined) problems.push(`${where}: ${value} is declared nowhere`);
      // One that must be there may go where one may be left out.
      const fits =
        type === undefined || argument === undefined || type === argument.type || type === `${argument.type}!`;
      if (!fits) problems.push(`${where}: ${value} is ${type}, and ${name} takes ${argument.type}`);
    }
    for (const [name, { required }] of known) if (required && !seen.has(name)) problems.push(`${where} lacks ${name}`);
  }
}

function wrongAnswer(where: string, { type }: GraphqlField, told: Answered): readonly string[] {
  if (told === null || told === undefined) {
    return type.endsWith('!') && told === null ? [`the answer has no ${where}`] : [];
  }
  const isList = type.startsWith('[');
  if (isList !== Array.isArray(told)) return [`the answer's ${where} is ${isList ? 'no' : 'a'} list`];
  const wanted = isList ? undefined : scalars[bare(type)];
  return wanted === undefined || wanted(told) ? [] : [`the answer's ${where} is no ${bare(type)}`];
}

const isText = (value: unknown) => typeof value === 'string';
const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  Boolean: (value) => typeof value === 'boolean',
  ID: isText,
  String: isText,
  GitObjectID: isText,
  /** GraphQL's own numbers have 32 bits. */
  Int: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  BigInt: (value) => typeof value === 'string' && /^\d+$/.test(value),
};

function bare(type: string): string {
  return type.replaceAll(/[[\]!]/g, '');
}

function entriesOf(answer: Answered): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(answer) ? answer : [answer]).filter(isObject);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
