import { describe, expect, test } from 'vitest';
import type { WorkflowDefinition } from '../../../../src/embedded/runner/definition/workflow-definition.ts';
import type { Json, JsonObject } from '../../../../src/embedded/runner/json.ts';
import { matchEvent } from '../../../../src/embedded/runner/plan/match-event.ts';

interface Sent {
  readonly name: string;
  readonly payload?: JsonObject;
  readonly ref?: string;
  readonly changed?: readonly string[];
}

function starts(on: Readonly<Record<string, Json>>, sent: Sent): boolean {
  const workflow: WorkflowDefinition = { path: 'w.yml', name: 'w', triggers: on, defaults: {}, jobs: [] };
  const changed = sent.changed === undefined ? {} : { changedPaths: sent.changed };
  const event = { name: sent.name, payload: sent.payload ?? {}, ...changed };
  return matchEvent(workflow, event, sent.ref ?? 'refs/heads/main').kind === 'starts';
}

const pull = (action: string, base = 'main'): Sent => ({
  name: 'pull_request',
  payload: { action, pull_request: { base: { ref: base } } },
});

describe('an event starts a workflow', () => {
  test.each<[string, Readonly<Record<string, Json>>, Sent, boolean]>([
    ['any type of a comment', { issue_comment: null }, { name: 'issue_comment', payload: { action: 'deleted' } }, true],
    ['a listed type', { issues: { types: ['labeled'] } }, { name: 'issues', payload: { action: 'labeled' } }, true],
    ['an unlisted type', { issues: { types: ['labeled'] } }, { name: 'issues', payload: { action: 'opened' } }, false],
    ['a single type', { issues: { types: 'labeled' } }, { name: 'issues', payload: { action: 'labeled' } }, true],
    ['a default type of a pull request', { pull_request: null }, pull('synchronize'), true],
    ['another type of a pull request', { pull_request: null }, pull('labeled'), false],
    ['the base of a pull request', { pull_request: { branches: ['main'] } }, pull('opened'), true],
    ['another base', { pull_request: { branches: ['main'] } }, pull('opened', 'dev'), false],
    ['a pushed branch', { push: { branches: ['ma*'] } }, { name: 'push' }, true],
    ['an ignored branch', { push: { 'branches-ignore': ['ma*'] } }, { name: 'push' }, false],
    ['a tag where only branches count', { push: { branches: ['**'] } }, { name: 'push', ref: 'refs/tags/v1' }, false],
    ['a tag', { push: { tags: ['v*'] } }, { name: 'push', ref: 'refs/tags/v1' }, true],
    ['a branch where only tags count', { push: { tags: ['v*'] } }, { name: 'push' }, false],
    ['a changed path', { push: { paths: ['src/**'] } }, { name: 'push', changed: ['src/a.ts'] }, true],
    ['only ignored paths', { push: { 'paths-ignore': ['docs/**'] } }, { name: 'push', changed: ['docs/a.md'] }, false],
    [
      'its cron line',
      { schedule: [{ cron: '0 3 * * *' }] },
      { name: 'schedule', payload: { schedule: '0 3 * * *' } },
      true,
    ],
    [
      'another cron line',
      { schedule: [{ cron: '0 3 * * *' }] },
      { name: 'schedule', payload: { schedule: '1 1 * * *' } },
      false,
    ],
    [
      'a dispatched type',
      { repository_dispatch: { types: ['go'] } },
      { name: 'repository_dispatch', payload: { action: 'go' } },
      true,
    ],
    [
      'a finished workflow',
      { workflow_run: { workflows: ['CI'] } },
      { name: 'workflow_run', payload: { action: 'completed', workflow: { name: 'CI' } } },
      true,
    ],
    [
      'another workflow',
      { workflow_run: { workflows: ['CI'] } },
      { name: 'workflow_run', payload: { workflow: { name: 'x' } } },
      false,
    ],
    ['an unknown event', { push: null }, { name: 'constructor' }, false],
  ])('%s', (_, on, sent, expected) => {
    expect(starts(on, sent)).toBe(expected);
  });

  test('needs the changed paths for a paths filter', () => {
    expect(() => starts({ push: { paths: ['a'] } }, { name: 'push' })).toThrow('the changed paths are not known');
  });
});
