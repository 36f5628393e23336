import * as z from 'zod';
import type { Endpoint } from '../wire/endpoint.ts';
import { wireHeaders } from '../wire/headers.ts';
import { wireLimits } from '../wire/limits.ts';
import { responses } from './openapi-responses.ts';
import type { Json, SchemaBook } from './openapi-schemas.ts';

/** One endpoint as OpenAPI tells it. */
export function operation(endpoint: Endpoint, book: SchemaBook): Json {
  const { id, tag, summary, access, body } = endpoint;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: accessText(endpoint),
    ...(access.role === 'anybody' && { security: id === 'githubWebhook' ? [{ githubSignature: [] }] : [] }),
    ...(access.role === 'nobody' && { security: [{ githubOidc: [] }] }),
    ...(access.role !== 'anybody' && access.runners === 'refused' && { security: [{ apiKey: [] }] }),
    parameters: parameters(endpoint, book),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: book.of(body) } } },
    }),
    ...(id === 'githubWebhook' && {
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
    }),
    ...(id === 'putObject' && {
      requestBody: { required: true, content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
    }),
    responses: responses(endpoint, book),
  };
}

function accessText({ access }: Endpoint): string {
  if (access.role === 'anybody') return 'Needs no key.';
  if (access.role === 'nobody') return "Needs a workflow job's OIDC token; no key is enough.";
  const runners = access.runners === 'own-repository' ? ', or a workflow job for its own repository' : '';
  return `Needs a key with the role ${access.role}${runners}.`;
}

function parameters({ id, method, params, query }: Endpoint, book: SchemaBook): readonly Json[] {
  const inPath = Object.entries(params?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema: book.of(schema),
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema instanceof z.ZodExactOptional),
    schema: book.of(schema),
    // Lists stand in one parameter, with commas.
    ...(isList(schema) && { style: 'form', explode: false }),
  }));
  const header = (name: string, schema: Json, description: string, required = false): Json => ({
    name,
    in: 'header',
    required,
    schema,
    description,
  });
  const text = { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]+$' };
  const inHeader: Json[] = [];
  if (id === 'githubWebhook') {
    inHeader.push(
      header('X-GitHub-Event', text, 'The kind of event', true),
      header('X-GitHub-Delivery', text, 'The id of the delivery; each is dealt with once', true),
    );
  } else if (method === 'POST') {
    const schema = { ...text, maxLength: wireLimits.idempotencyKeyChars };
    inHeader.push(header(wireHeaders.idempotencyKey, schema, 'The same key and body again: the stored answer'));
  }
  if (id === 'readActivity') {
    const schema = { type: 'string', pattern: '^[0-9]{0,15}$' };
    inHeader.push(header('Last-Event-ID', schema, 'Events after this one; counts more than `after`'));
  }
  return [...inPath, ...inQuery, ...inHeader];
}

function isList(schema: z.core.$ZodType): boolean {
  const inner = schema instanceof z.ZodExactOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodArray;
}
