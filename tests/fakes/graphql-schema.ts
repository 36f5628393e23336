import { readFileSync } from 'node:fs';
import { GraphqlWords } from './graphql-words.ts';

export interface GraphqlField {
  /** As it is written: `[Int!]!`. */
  readonly type: string;
  readonly deprecated: boolean;
  readonly args: ReadonlyMap<string, { readonly type: string; readonly required: boolean }>;
}

export interface GraphqlType {
  readonly kind: 'type' | 'interface' | 'input' | 'enum';
  readonly interfaces: readonly string[];
  /** Of an enum: its values. */
  readonly fields: ReadonlyMap<string, GraphqlField>;
}

export type GraphqlSchema = ReadonlyMap<string, GraphqlType>;

const fixture = new URL('../fixtures/github-graphql.graphql', import.meta.url);

/** What GitHub publishes about the types that our queries touch (scripts/github-graphql.ts cuts it out). */
export function githubSchema(): GraphqlSchema {
  const words = new GraphqlWords(readFileSync(fixture, 'utf8'));
  const types = new Map<string, GraphqlType>();
  while (words.next !== '') {
    const kind = words.take() as GraphqlType['kind'];
    const name = words.take();
    const interfaces: string[] = [];
    while (words.next !== '{') {
      const word = words.take();
      if (word !== 'implements' && word !== '&') interfaces.push(word);
    }
    types.set(name, { kind, interfaces, fields: readFields(words, kind) });
  }
  return types;
}

function readFields(words: GraphqlWords, kind: GraphqlType['kind']): ReadonlyMap<string, GraphqlField> {
  const fields = new Map<string, GraphqlField>();
  words.expect('{');
  while (!words.skip('}')) {
    const name = words.take();
    const args = words.skip('(') ? readArguments(words) : new Map<string, never>();
    if (kind !== 'enum') words.expect(':');
    const type = kind === 'enum' ? name : words.type();
    if (words.skip('=')) words.value();
    const deprecated = words.skip('@') && words.skip('deprecated');
    fields.set(name, { type, deprecated, args });
  }
  return fields;
}

function readArguments(words: GraphqlWords): GraphqlField['args'] {
  const args = new Map<string, { readonly type: string; readonly required: boolean }>();
  while (!words.skip(')')) {
    const name = words.take();
    words.expect(':');
    const type = words.type();
    const hasDefault = words.skip('=') && words.value() !== '';
    if (words.skip('@')) words.take();
    args.set(name, { type, required: type.endsWith('!') && !hasDefault });
  }
  return args;
}
