import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openApiDocument } from '../../../src/server/openapi.ts';
import { type Endpoint, pathOf } from '../../../src/wire/endpoint.ts';
import { endpoints } from '../../../src/wire/endpoints/all.ts';
import { queryString } from '../../../src/wire/query-string.ts';
import { coordinatorScene } from '../../fakes/coordinator-scene.ts';
import { checkAnswersBy } from '../../fakes/openapi-answers.ts';
import { spoilt, wireValue } from '../../fakes/wire-arbitrary.ts';

interface Request {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const unlimited = { burst: 1e9, perSecond: 1e9 };
/** What opens a stream or has its own tests: everything else is asked. */
const asked = endpoints.filter(({ id }) => id !== 'githubWebhook');

function requestOf(endpoint: Endpoint): fc.Arbitrary<Request> {
  const part = (schema: Parameters<typeof wireValue>[0] | undefined) =>
    schema === undefined ? fc.constant(undefined) : wireValue(schema);
  const valid = fc.tuple(part(endpoint.params), part(endpoint.query), part(endpoint.body));
  const anyOf = (value: unknown) => fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, spoilt(value));
  return valid
    .chain(([params, query, body]) =>
      fc.tuple(fc.constant(params), fc.constant(query), body === undefined ? fc.constant(undefined) : anyOf(body)),
    )
    .map(([params = {}, query = {}, body]) => ({
      id: endpoint.id,
      method: endpoint.method,
      path: pathOf(endpoint, params as Record<string, string>) + queryString(query as Record<string, unknown>),
      body,
    }));
}

describe('every endpoint', () => {
  const check = checkAnswersBy(openApiDocument('0.0.0-test'));

  test('answers whatever its schema allows, and whatever is near it, as the document says and without a fault', async () => {
    await using scene = coordinatorScene({ limits: { callerRate: unlimited, addressRate: unlimited } });
    const token = await scene.key('admin');
    const sequence = fc.array(fc.oneof(...asked.map(requestOf)), { minLength: 20, maxLength: 60 });
    const statuses = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(sequence, async (requests) => {
        for (const { id, method, path, body } of requests) {
          const answer = await scene.ask(method, path, { token, body });
          const seen = `${id} ${answer.status}`;
          statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
          const fault = scene.log.find(({ event }) => event === 'fault');
          expect(fault?.['stack'], `${method} ${path} ${JSON.stringify(body)}`).toBeUndefined();
          expect(check(id, answer)).toBeUndefined();
        }
      }),
      {
        numRuns: Number(process.env['FUZZ_RUNS'] ?? 15),
        interruptAfterTimeLimit: Number(process.env['FUZZ_MS'] ?? 20_000),
        endOnFailure: false,
      },
    );
    if (process.env['FUZZ_SHOW'])
      console.log(
        [...statuses]
          .sort()
          .map(([k, v]) => `${k}: ${v}`)
          .join('\n'),
      );
    const answered = asked.filter(({ id, status = 200 }) => statuses.has(`${id} ${status}`));
    expect(answered.length).toBeGreaterThan(asked.length * 0.6);
  });
});
