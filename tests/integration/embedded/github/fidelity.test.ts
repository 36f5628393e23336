import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servedOperations } from '../../../../src/embedded/github/routes.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';
import { takeGitHubTour } from '../../../fakes/github-tour.ts';
import { createOpenApiChecker } from '../../../fakes/openapi-check.ts';

/** GitHub has them, the published schemas do not yet. */
const newerThanSchemas = new Set(['issue_dependencies', 'sub_issues']);

describe('the embedded GitHub, judged by descriptions that GitHub publishes', () => {
  let room: GitHubRoom;
  beforeAll(async () => {
    room = await gitHubRoom();
    await takeGitHubTour(room);
  });
  afterAll(() => room[Symbol.asyncDispose]());

  test('every served operation was called with success', () => {
    const called = new Set(room.exchanges.filter(({ status }) => status < 400).map(({ operation }) => operation));
    expect(servedOperations.filter((operation) => !called.has(operation))).toEqual([]);
  });

  test('every request and every answer is as the OpenAPI says', () => {
    const checker = createOpenApiChecker();
    const problems = room.exchanges.flatMap((exchange) => checker.check(exchange));
    expect([...new Set(problems)]).toEqual([]);
    expect(room.exchanges.length).toBeGreaterThan(servedOperations.length);
  });

  test('every event has the payload that the webhook schemas ask for', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../../node_modules/@octokit/webhooks-schemas/schema.json', import.meta.url), 'utf8'),
    );
    const ajv = new Ajv({ strict: false, logger: false, inlineRefs: false, code: { optimize: false } });
    addFormats.default(ajv);
    ajv.addSchema(schema, 'webhooks');
    const problems = room.events.flatMap(({ name, payload }) => {
      const action = payload['action'];
      const exact =
        schema.definitions[`${name}$${String(action)}`] === undefined ? `${name}$event` : `${name}$${String(action)}`;
      if (newerThanSchemas.has(name)) return [];
      const validate = ajv.getSchema(`webhooks#/definitions/${exact}`);
      if (validate === undefined) return [`no schema for ${exact}`];
      if (validate(payload)) return [];
      return [`${exact}: ${ajv.errorsText(validate.errors)} ${JSON.stringify(validate.errors?.[0]?.params)}`];
    });
    expect([...new Set(problems)]).toEqual([]);
    const names = new Set(room.events.map(({ name }) => name));
    expect([...names].sort()).toEqual([
      'check_run',
      'create',
      'delete',
      'issue_comment',
      'issue_dependencies',
      'issues',
      'pull_request',
      'pull_request_review',
      'pull_request_review_comment',
      'pull_request_review_thread',
      'push',
      'repository_dispatch',
      'status',
      'sub_issues',
      'workflow_dispatch',
      'workflow_run',
    ]);
  });
});
