import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutPayload } from '../../../../src/adapters/github/cut-payload.ts';
import { readForgeEvent } from '../../../../src/adapters/github/forge-event.ts';
import { readTriggerEvent } from '../../../../src/adapters/github/trigger-event.ts';
import { octoSlug } from '../../../fakes/payloads/payload-parts.ts';
import {
  blockedBy,
  commented,
  type Delivered,
  everyDelivery,
  labeled,
  labeledOf25Kb,
  pullRequest,
  pushed,
  repositoryDispatch,
  subIssue,
  workflowRun,
} from '../../../fakes/payloads/payloads.ts';

type Json = Readonly<Record<string, unknown>>;

function cut({ event, payload }: Delivered) {
  const result = cutPayload(event, payload, 'octo/slug');
  if (result.kind !== 'cut') throw new Error(`${event} was not cut: ${result.reason}`);
  return result;
}

/** Both readers' word on a payload, faults included. */
async function readings(event: string, payload: Json) {
  const forge = await outcome(() => readForgeEvent({ event, payload }));
  const trigger = await outcome(() => readTriggerEvent({ name: event, payload }));
  return { forge, trigger };
}

async function outcome(read: () => unknown): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    return { fault: Reflect.get(Object(error), 'code') };
  }
}

describe('a payload cut to what is read of it', () => {
  test.each(everyDelivery().map((delivery) => [`${delivery.event} ${delivery.payload['action']}`, delivery] as const))(
    '%s reads as the whole does',
    async (_name, delivery) => {
      const { payload } = cut(delivery);
      const whole = await readings(delivery.event, delivery.payload);
      expect(JSON.stringify(whole)).not.toContain('fault');
      expect(await readings(delivery.event, payload)).toEqual(whole);
      expect(await readings(delivery.event, JSON.parse(JSON.stringify(payload)))).toEqual(whole);
    },
  );

  test('reads as the whole does wherever something in it is missing, or is not what it should be', async () => {
    const deliveries = everyDelivery();
    const odd = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        null,
        '',
        'x',
        0,
        -1,
        1.5,
        43,
        true,
        [],
        {},
        [{}],
        ['bug', { name: 'x' }],
        { login: 7 },
        { full_name: 'a/b' },
      ),
    );
    const place = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(deliveries.length - 1),
        fc.array(fc.tuple(place, odd), { maxLength: 3 }),
        async (at, edits) => {
          const { event, payload } = deliveries[at] ?? labeled();
          const edited = edits.reduce((json, [path, value]) => changedAt(json, path, value), payload);
          const name = Reflect.get(Object(edited['repository']), 'full_name');
          // Of two names of the repository that do not fit, the event's own counts from now on.
          if (name !== 'octo/slug') return;
          const result = cutPayload(event, edited, name);
          const whole = await readings(event, edited);
          if (result.kind === 'other-event') return;
          if (result.kind === 'ignored') {
            // What cannot be read starts nobody either.
            const trigger = Object(whole.trigger);
            expect(trigger.kind === 'unrelated' || trigger.fault === 'E103', JSON.stringify(trigger)).toBe(true);
            expect(whole.forge).toMatchObject({ kind: 'unrelated' });
          } else expect(await readings(event, result.payload)).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('holds no address, and a tenth of what came', () => {
    for (const delivery of everyDelivery()) {
      const text = JSON.stringify(cut(delivery).payload);
      expect(text).not.toMatch(/https?:|git@|_url":"(?!\/repos\/octo\/(?:slug|parser)")/);
      expect(text.length).toBeLessThan(
        JSON.stringify(delivery.payload).length * (text.includes('Straße') ? 0.7 : 0.13),
      );
    }
  });

  test('is about the repository that the event names, whatever address stands in its issue', () => {
    const evil = { ...octoSlug, api: 'http://169.254.169.254/latest', owner: 'evil', name: 'parser' };
    const { payload } = labeled('agent', {}, evil);
    const { payload: kept } = cut({ event: 'issues', payload: { ...payload, repository: { full_name: 'octo/slug' } } });
    expect(readForgeEvent({ event: 'issues', payload: kept })).toMatchObject({ issue: { repository: 'octo/slug' } });
    expect(JSON.stringify(kept)).not.toContain('169.254');
  });

  test('names the task that it is about', () => {
    const tasks = everyDelivery().map((delivery) => `${delivery.event} → ${cut(delivery).task}`);
    expect([...new Set(tasks)]).toEqual([
      'issues → github/octo/slug/issues/42',
      'issue_comment → github/octo/slug/issues/42',
      'issue_comment → github/octo/slug/pulls/42',
      'pull_request → github/octo/slug/pulls/43',
      'issue_dependencies → github/octo/slug',
      'sub_issues → github/octo/slug',
      'workflow_run → github/octo/slug',
      'pull_request_review → github/octo/slug/pulls/43',
      'pull_request_review_comment → github/octo/slug/pulls/43',
      'check_run → github/octo/slug',
      'status → github/octo/slug',
      'push → github/octo/slug',
      'repository_dispatch → github/octo/slug/issues/42',
    ]);
  });

  test('tells where each text can be read again', () => {
    const elsewhere = { ...octoSlug, name: 'parser' };
    expect(cut(commented('/agent fix')).texts).toEqual([
      { at: 'comment', repository: 'octo/slug', of: { kind: 'comment', id: 99_262_140 } },
      { at: 'issue', repository: 'octo/slug', of: { kind: 'issue', number: 42 } },
    ]);
    expect(cut(blockedBy('blocked_by_added', elsewhere)).texts).toEqual([
      { at: 'blocked_issue', repository: 'octo/slug', of: { kind: 'issue', number: 42 } },
      { at: 'blocking_issue', repository: 'octo/parser', of: { kind: 'issue', number: 7 } },
    ]);
    expect(cut(pullRequest()).texts).toEqual([
      { at: 'pull_request', repository: 'octo/slug', of: { kind: 'issue', number: 43 } },
    ]);
  });

  test.each([
    [workflowRun('requested'), 'the action requested'],
    [blockedBy('typed'), 'the action typed'],
    [subIssue('sub_issue_moved'), 'the action sub_issue_moved'],
    [repositoryDispatch({}, 'deploy'), 'the action deploy'],
    [{ event: 'installation', payload: { action: 'created' } }, 'installation events'],
    [{ event: 'constructor', payload: {} }, 'constructor events'],
  ])('is not made of what nobody reads: %#', ({ event, payload }, what) => {
    expect(cutPayload(event, payload, 'octo/slug')).toEqual({ kind: 'ignored', reason: `nothing is kept of ${what}` });
  });

  test.each(['refs/tags/v1', 'refs/heads/agent/42/f1-titles'])(
    'is not made of a push to what is no base: %s',
    (ref) => {
      expect(cutPayload('push', pushed(ref).payload, 'octo/slug').kind).toBe('ignored');
    },
  );

  test.each([
    ['issues', commented('/agent fix', 'deleted')],
    ['issue_comment', labeled()],
    ['pull_request', labeled()],
    ['issues', pullRequest()],
    ['sub_issues', blockedBy()],
    ['issue_dependencies', subIssue()],
    ['workflow_run', labeled()],
  ])('is not made as %s of the payload of another event: the name is not signed', (event, { payload }) => {
    expect(cutPayload(event, payload, 'octo/slug').kind).toBe('other-event');
  });
});

describe('the payloads of these tests', () => {
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-schemas/schema.json'), 'utf8'),
  );

  test.each([
    ['issues$labeled', labeledOf25Kb()],
    ['issue_comment$created', commented('/agent fix')],
  ])('are what GitHub publishes of %s', (name, { payload }) => {
    const ajv = new Ajv({
      strict: false,
      validateFormats: false,
      inlineRefs: false,
      code: { optimize: false },
    });
    ajv.addSchema(schema, 'github');
    const check = ajv.compile({ $ref: `github#/definitions/${name.replace('$', '%24')}` });
    expect([check(payload), check.errors]).toEqual([true, null]);
  });

  test('are as large as real ones', () => {
    const bytes = Buffer.byteLength(JSON.stringify(labeledOf25Kb().payload));
    expect(Math.abs(bytes - 25 * 1024)).toBeLessThan(100);
  });
});

/** The payload with one member, or a member of a member, replaced or (undefined) taken out. */
function changedAt(json: Json, path: readonly number[], value: unknown): Json {
  const names = Object.keys(json).filter((name) => name !== 'repository_url');
  const [index = 0, ...rest] = path;
  const name = names[index % Math.max(1, names.length)];
  if (name === undefined) return json;
  const { [name]: inner, ...others } = json;
  if (rest.length > 0 && typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
    return { ...json, [name]: changedAt(inner as Json, rest, value) };
  }
  return value === undefined ? others : { ...json, [name]: value };
}
