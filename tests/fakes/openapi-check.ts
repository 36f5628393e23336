import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { createGraphqlChecker } from './graphql-check.ts';

export interface CheckedExchange {
  readonly method: string;
  /** Without query; with or without `/api/v3` in front. */
  readonly path: string;
  /** `?page=2&per_page=100`. */
  readonly query?: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly contentType?: string;
  readonly responseBody?: unknown;
}

export interface OpenApiChecker {
  /** GitHub's name of the operation, `GET /repos/{owner}/{repo}`; undefined when the extract has none. */
  operationOf(method: string, path: string): string | undefined;
  /** What GitHub's own description says against the exchange; empty when nothing. */
  check(exchange: CheckedExchange): readonly string[];
  readonly operations: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody: (Media & { readonly required?: boolean }) | null;
  readonly responses: Readonly<Record<string, Media | { readonly $ref: string }>>;
}

interface Extract {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

const fixture = new URL('../fixtures/github-openapi.json', import.meta.url);
const openEnded = new Set(['path', 'ref', 'basehead', 'branch']);

/** Judges requests and answers by GitHub's OpenAPI (the extract that scripts/github-openapi.ts writes). */
export function createOpenApiChecker(): OpenApiChecker {
  const extract = withNull(JSON.parse(readFileSync(fixture, 'utf8'))) as Extract;
  const ajv = new Ajv({ strict: false, logger: false, inlineRefs: false, code: { optimize: false } });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'github', components: extract.components });
  const compiled = new Map<string, ValidateFunction>();
  const graphql = createGraphqlChecker();
  const patterns = Object.keys(extract.operations)
    .map((name) => ({ name, method: name.split(' ')[0], ...patternOf(name.split(' ')[1] ?? '/') }))
    .sort((one, other) => other.weight - one.weight);

  const matches = (schema: Schema, value: unknown, what: string): string[] => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(absolute(schema) as Schema);
    compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(0, 3)
      .map((error) => `${what}${error.instancePath} ${error.message ?? 'is wrong'}`);
  };
  const resolve = <T>(value: T | { readonly $ref: string }): T => {
    if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as T;
    const [kind = '', name = ''] = value.$ref.replace('#/components/', '').split('/');
    return extract.components[kind]?.[name] as T;
  };
  const find = (method: string, path: string) =>
    patterns.find((each) => each.method === method.toUpperCase() && each.pattern.test(path));

  const checkQuery = (operation: Operation, query: string): string[] => {
    const known = operation.parameters.map((each) => resolve<Parameter>(each)).filter((each) => each.in === 'query');
    const given = new URLSearchParams(query);
    const unknown = [...given.keys()].filter((name) => !known.some((each) => each.name === name));
    const problems = unknown.map((name) => `query parameter ${name} is not in GitHub's description`);
    for (const parameter of known) {
      const text = given.get(parameter.name);
      if (text === null && parameter.required === true) problems.push(`query parameter ${parameter.name} is missing`);
      if (text !== null && parameter.schema !== undefined) {
        problems.push(...matches(parameter.schema, typed(text, parameter.schema), `query ${parameter.name}`));
      }
    }
    return problems;
  };
  const checkRequest = (operation: Operation, body: unknown): string[] => {
    const schema = operation.requestBody?.content?.['application/json']?.schema;
    if (body === undefined) return operation.requestBody?.required === true ? ['a request body is required'] : [];
    if (schema === undefined) return ["GitHub's description has no request body here"];
    const properties = schema['properties'];
    const foreign =
      typeof properties === 'object' &&
      properties !== null &&
      typeof body === 'object' &&
      body !== null &&
      !Array.isArray(body)
        ? Object.keys(body).filter((name) => !Object.hasOwn(properties, name))
        : [];
    return [
      ...foreign.map((name) => `request field ${name} is not in GitHub's description`),
      ...matches(schema, body, 'request'),
    ];
  };
  const checkResponse = (operation: Operation, exchange: CheckedExchange): string[] => {
    const { status } = exchange;
    const described = operation.responses[String(status)];
    if (described === undefined && status < 400) return [`status ${status} is not in GitHub's description`];
    const media = described === undefined ? undefined : resolve<Media>(described);
    const schema = media?.content?.['application/json']?.schema;
    const silent = status >= 400 ? checkError(exchange) : [];
    if (schema === undefined || silent.length > 0) return silent;
    const isJson = (exchange.contentType ?? 'application/json').includes('application/json');
    return isJson ? matches(schema, exchange.responseBody, 'response') : [];
  };
  return {
    operations: Object.keys(extract.operations),
    operationOf: (method, path) => find(method, bare(path))?.name,
    check: (exchange) => {
      // GraphQL is no part of the OpenAPI; its answers have one form, and a schema of their own.
      if (/^\/(?:api\/)?graphql$/.test(exchange.path)) return checkGraphql(exchange, graphql);
      const found = find(exchange.method, bare(exchange.path));
      const operation = found && extract.operations[found.name];
      if (found === undefined || operation === undefined) {
        return [`${exchange.method} ${exchange.path} is not in the extract of GitHub's OpenAPI`];
      }
      const problems = [
        ...checkQuery(operation, exchange.query ?? ''),
        ...checkRequest(operation, exchange.requestBody),
        ...checkResponse(operation, exchange),
      ];
      return problems.map((problem) => `${found.name} → ${exchange.status}: ${problem}`);
    },
  };
}

function checkGraphql(
  { status, requestBody, responseBody }: CheckedExchange,
  judge: ReturnType<typeof createGraphqlChecker>,
): string[] {
  const body = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
  const asked = 'query' in body(requestBody) && Object.keys(body(requestBody)).every((key) => graphqlFields.has(key));
  const answered = 'data' in body(responseBody) || 'errors' in body(responseBody) || status >= 400;
  if (!asked || !answered) return [`POST /graphql → ${status}: not the form of a GraphQL query or its answer`];
  return judge(String(Reflect.get(body(requestBody), 'query')), responseBody).map(
    (problem) => `POST /graphql → ${status}: ${problem}`,
  );
}

const graphqlFields = new Set(['query', 'variables', 'operationName']);

/** Every error of GitHub's has a message. */
function checkError({ responseBody }: CheckedExchange): string[] {
  const message =
    typeof responseBody === 'object' && responseBody !== null && 'message' in responseBody && responseBody.message;
  return typeof message === 'string' ? [] : ['an error without a message'];
}

function bare(path: string): string {
  return path.replace(/^\/api\/v3/, '');
}

function patternOf(template: string): { pattern: RegExp; weight: number } {
  const source = template
    .split('/')
    .map((part) =>
      part.replaceAll('.', '\\.').replace(/\{(\w+)\}/, (_, name: string) => (openEnded.has(name) ? '.+' : '[^/]+')),
    )
    .join('/');
  const segments = template.split('/');
  const fixed = segments.filter((segment) => !segment.startsWith('{')).length;
  return { pattern: new RegExp(`^${source}$`), weight: segments.length * 100 + fixed };
}

function typed(text: string, schema: Schema): unknown {
  if (schema['type'] === 'integer' || schema['type'] === 'number') return Number(text);
  if (schema['type'] === 'boolean') return text === 'true';
  return text;
}

/** OpenAPI 3.0 says `nullable`; JSON Schema says "or null". */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withNull(inner)]),
  );
  if (nullable === true) return { anyOf: [{ type: 'null' }, rest] };
  return nullable === undefined || nullable === false ? rest : { ...rest, nullable };
}

/** References into the shared schema, from wherever they are compiled. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string' && inner.startsWith('#') ? `github${inner}` : absolute(inner),
    ]),
  );
}
