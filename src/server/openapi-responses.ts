import * as z from 'zod';
import type { Endpoint } from '../wire/endpoint.ts';
import { problemMediaType, problemShape } from '../wire/problem.ts';
import type { Json, SchemaBook } from './openapi-schemas.ts';
import { refusalStatus } from './refusal-problem.ts';

const problemObject = z.strictObject(problemShape);
const problemSchema = problemObject.meta({ id: 'Problem' });

/** What an answer holds besides JSON. */
const otherMedia: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  metrics: { 'text/plain': { schema: { type: 'string' } } },
  getObject: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  docsPage: { 'text/html': { schema: { type: 'string' } } },
};

/** Everything that an endpoint may answer: nothing else ever comes from it. */
export function responses(endpoint: Endpoint, book: SchemaBook): Json {
  const { id, status = 200, answer } = endpoint;
  const content = otherMedia[id] ?? { 'application/json': { schema: book.of(answer) } };
  const stream = id === 'readActivity' ? { 'text/event-stream': { schema: { type: 'string' } } } : {};
  return {
    [status]: { description: 'Done', content: { ...content, ...stream } },
    ...refusals(endpoint, book),
    ...problems(endpoint, book),
  };
}

const problemTexts: Readonly<Record<number, string>> = {
  400: 'The request is not what the endpoint takes',
  401: 'No key or token, or one that does not count',
  403: 'The role or the repositories of the caller do not allow it',
  404: 'There is nothing of this name',
  408: 'The body did not come in time',
  409: 'Refused by the state of things',
  412: 'Something is there already, and stays',
  413: 'The body is too large',
  415: 'The body is no JSON in UTF-8',
  422: 'The Idempotency-Key was used for another request',
  429: 'Too many requests; Retry-After says when the next one counts',
  500: 'A fault of the coordinator, with an id',
  503: 'Not just now; Retry-After says when',
};

/** What answers for a signed address, which is no credential. */
const ofAddresses: Readonly<Record<string, readonly number[]>> = {
  putObject: [403, 408, 412],
  getObject: [403],
};

function problems(endpoint: Endpoint, book: SchemaBook): Json {
  const { access, body, query, params, method, id, refusal } = endpoint;
  const statuses = [429, 500, 503];
  const hasInput = body !== undefined || query !== undefined || params !== undefined || id === 'githubWebhook';
  if (access.role !== 'anybody') statuses.push(401, 403);
  if (access.role !== 'anybody' || hasInput) statuses.push(400);
  if (body !== undefined || id === 'githubWebhook') statuses.push(408, 413, 415);
  if (id === 'githubWebhook') statuses.push(401, 409);
  statuses.push(...(ofAddresses[id] ?? []));
  const isKept = method === 'POST' && access.role !== 'anybody';
  if (isKept) statuses.push(422);
  const refusalTexts = refusalStatuses(refusal, book);
  if (isKept && !refusalTexts.has(409)) statuses.push(409);
  if (id === 'openRun' && !statuses.includes(409)) statuses.push(409);
  const answers = statuses.sort().map((status) => [status, problemAnswer(status, book.of(problemSchema))]);
  return Object.fromEntries(answers);
}

/** The port's union as `refusal`, for each status that it is told with. */
function refusals({ refusal, method }: Endpoint, book: SchemaBook): Json {
  const answers = [...refusalStatuses(refusal, book)].map(([status, schemas]) => {
    const union = schemas.length === 1 ? schemas[0] : { anyOf: schemas };
    const told = book.of(problemObject);
    const properties = { ...(told['properties'] as Json), refusal: union };
    const required = [...(told['required'] as readonly string[]), 'refusal'];
    const refused = { ...told, properties, required };
    // The same status also tells that an Idempotency-Key is in use; then there is no refusal.
    const mayBeInUse = method === 'POST' && status === 409;
    const schema = mayBeInUse ? { anyOf: [refused, book.of(problemSchema)] } : refused;
    return [status, problemAnswer(status, schema)];
  });
  return Object.fromEntries(answers);
}

function refusalStatuses(refusal: z.ZodType | undefined, book: SchemaBook): ReadonlyMap<number, readonly Json[]> {
  const found = new Map<number, Json[]>();
  if (refusal === undefined) return found;
  const options = refusal instanceof z.ZodDiscriminatedUnion ? refusal.options : [refusal];
  for (const option of options) {
    const schema = book.of(option);
    const kind = (schema['properties'] as Record<string, { readonly const?: string }>)['kind']?.const ?? '';
    const status = refusalStatus(kind);
    found.set(status, [...(found.get(status) ?? []), schema]);
  }
  return found;
}

function problemAnswer(status: number, schema: Json | undefined): Json {
  const description = problemTexts[status] ?? 'A problem';
  const retry = status === 429 || status === 503;
  return {
    description,
    ...(retry && { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'string' } } } }),
    content: { [problemMediaType]: { schema } },
  };
}
