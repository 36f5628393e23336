/**
 * Writes tests/fixtures/github-openapi.json: GitHub's own description of the operations that the embedded GitHub serves,
 * cut out of @octokit/openapi, which is far too large to depend on. `--check` fails when the file is not what this writes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { servedOperations } from '../src/embedded/github/routes.ts';

const packageName = '@octokit/openapi@23.0.2';
const cache = '.cache/github-openapi';
const source = `${cache}/package/generated/api.github.com.json`;
const target = 'tests/fixtures/github-openapi.json';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

/** What is for readers, not for checking. */
const dropped = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'title',
  'summary',
  'tags',
  'deprecated',
  'x-multi-segment',
]);

function readSource(): JsonObject {
  if (!existsSync(source)) {
    mkdirSync(cache, { recursive: true });
    const packed = execFileSync('npm', ['pack', packageName, '--silent', '--pack-destination', cache], {
      encoding: 'utf8',
    });
    const file = `${cache}/${packed.trim().split('\n').at(-1) ?? ''}`;
    execFileSync('tar', ['-xzf', file, '-C', cache, 'package/generated/api.github.com.json']);
  }
  return JSON.parse(readFileSync(source, 'utf8'));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** A copy without texts; the names of properties are data and stay, whatever they are called. */
function slim(value: Json, within: 'schema' | 'names'): Json {
  if (Array.isArray(value)) return value.map((item) => slim(item, 'schema'));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(
    ([name]) => within === 'names' || !(dropped.has(name) || name.startsWith('x-')),
  );
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      name,
      slim(inner, within === 'schema' && name === 'properties' ? 'names' : 'schema'),
    ]),
  );
}

function references(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) references(item, found);
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === '$ref' && typeof inner === 'string') found.add(inner);
    else references(inner, found);
  }
}

/**
 * Where the description is wrong about GitHub: an account is a person or an enterprise, not both at once, as the same
 * schema says by its name; `created` takes the syntax of GitHub's search, as the text beside it says; a comment whose line is in
 * the diff no longer has null for it, as GitHub's webhooks describe it.
 */
function corrected(whole: JsonObject): JsonObject {
  const copy = structuredClone(whole) as { [name: string]: Json };
  const installations = at(
    copy,
    'paths',
    '/app/installations',
    'get',
    'responses',
    '200',
    'content',
    'application/json',
  );
  Object.assign(at(installations, 'schema') ?? {}, { items: { $ref: '#/components/schemas/installation' } });
  for (const place of ['line', 'position']) {
    const schema = at(copy, 'components', 'schemas', 'pull-request-review-comment', 'properties', place);
    Object.assign(schema ?? {}, { nullable: true });
  }
  Object.assign(at(copy, 'components', 'parameters', 'created') ?? {}, { schema: { type: 'string' } });
  return copy;
}

function cutOut(whole: JsonObject): Json {
  const operations: Record<string, Json> = {};
  const missing: string[] = [];
  // GraphQL is no part of the description of the REST API.
  for (const name of servedOperations.filter((operation) => operation !== 'POST /graphql')) {
    const [method = '', path = ''] = name.split(' ');
    const operation = at(whole, 'paths', path, method.toLowerCase());
    if (!isObject(operation)) missing.push(name);
    else {
      const { parameters = [], requestBody = null, responses = {} } = operation;
      operations[name] = slim({ parameters, requestBody, responses }, 'schema');
    }
  }
  if (missing.length > 0) throw new Error(`GitHub's OpenAPI has no ${missing.join(', ')}`);
  const components: Record<string, Record<string, Json>> = {};
  const seen = new Set<string>();
  references(operations, seen);
  for (const reference of seen) {
    const component = at(whole, ...reference.slice(2).split('/'));
    if (component === undefined) throw new Error(`${reference} leads nowhere`);
    const [kind = '', name = ''] = reference.slice('#/components/'.length).split('/');
    const slimmed = slim(component, 'schema');
    components[kind] = { ...components[kind], [name]: slimmed };
    references(slimmed, seen);
  }
  return { source: packageName, operations, components };
}

const text = `${JSON.stringify(cutOut(corrected(readSource())))}\n`;
if (process.argv.includes('--check')) {
  const same = existsSync(target) && readFileSync(target, 'utf8') === text;
  if (!same) throw new Error(`${target} is not what GitHub's OpenAPI says: run node scripts/github-openapi.ts`);
  process.stderr.write(`${target} is up to date\n`);
} else {
  writeFileSync(target, text);
  process.stderr.write(`${target}: ${servedOperations.length} operations, ${Math.round(text.length / 1024)} KiB\n`);
}
