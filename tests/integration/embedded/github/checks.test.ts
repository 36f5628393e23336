import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitHubApi } from '../../../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../../../src/adapters/github/forge.ts';
import { readTriggerEvent } from '../../../../src/adapters/github/trigger-event.ts';
import { createSystemClock } from '../../../../src/adapters/system/system-clock.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';
const branch = 'agent/42/f7-slug';
const startedAt = '2026-11-01T10:00:00Z';

describe('checks of a commit', () => {
  let room: GitHubRoom;
  let forge: Forge;
  let sha: string;
  beforeEach(async () => {
    room = await gitHubRoom();
    sha = await room.commit(branch, { 'a.md': 'a\n' });
    forge = forgeWith(room.tokens.octo);
  });
  afterEach(() => room[Symbol.asyncDispose]());

  function forgeWith(token: string): Forge {
    const clock = { ...createSystemClock(), sleep: async () => {} };
    const api = createGitHubApi({
      ...{ repository: { owner: 'octo', name: 'slug' }, apiUrl: room.github.apiUrl, userAgent: 'test', token, clock },
      ...{ signal: new AbortController().signal, log: () => {} },
    });
    return createGitHubForge(api);
  }

  /** A workflow that has run to its end with one job. */
  function ran(file: string, conclusion: 'success' | 'failure', event = 'push'): void {
    const { runs } = room.github;
    const named = { workflowPath: `.github/workflows/${file}`, name: file, event, title: 'x', headBranch: branch };
    const { id } = runs.create({ repository: { owner: 'octo', name: 'slug' }, ...named, headSha: sha, actor: 'alice' });
    const step = { name: 'Run npm test', number: 1, status: 'completed', conclusion } as const;
    const steps = [{ ...step, startedAt, completedAt: '2026-11-01T10:00:09Z' }];
    const job = { name: 'build', status: 'completed', conclusion, startedAt, completedAt: startedAt, steps } as const;
    runs.update(id, { status: 'completed', conclusion, jobs: [job] });
  }

  const told = async (by: Forge = forge) =>
    (await by.checks.of(sha)).map(({ name, app, conclusion }) => [name, app, conclusion]);

  test('that have one name in two workflows are both told: the one that passes hides nothing', async () => {
    ran('ci.yml', 'failure');
    ran('docs.yml', 'success');
    expect(await told()).toEqual([
      ['build', 'github-actions', 'failure'],
      ['build', 'github-actions', 'success'],
    ]);
  });

  test('of a workflow that ran twice for one event are told by the newer run, and for two events by both', async () => {
    ran('ci.yml', 'failure');
    ran('ci.yml', 'success');
    expect(await told()).toEqual([['build', 'github-actions', 'success']]);
    ran('ci.yml', 'failure', 'pull_request');
    expect(await told()).toHaveLength(2);
  });

  test('are all told to whoever may not ask which workflow they are of', async () => {
    ran('ci.yml', 'failure');
    ran('ci.yml', 'success');
    const rights = { checks: 'read', statuses: 'read' } as const;
    const token = room.github.mintToken({ repository: { owner: 'octo', name: 'slug' }, permissions: rights });
    expect(await told(forgeWith(token))).toHaveLength(2);
  });

  test('and statuses of the same name are two things; of a context the last word counts', async () => {
    ran('ci.yml', 'failure');
    for (const state of ['pending', 'success']) {
      await room.ask('POST', `${repo}/statuses/${sha}`, { token: room.tokens.octo, body: { state, context: 'build' } });
    }
    expect(await told()).toEqual([
      ['build', 'github-actions', 'failure'],
      ['build', undefined, 'success'],
    ]);
  });

  test('that are jobs tell their steps, and when each of them was at work', async () => {
    ran('ci.yml', 'failure');
    const [check] = await forge.checks.of(sha);
    expect(await forge.checks.jobSteps(check?.jobId ?? 0)).toEqual([
      {
        name: 'Run npm test',
        failed: true,
        startedAt: Date.parse(startedAt),
        completedAt: Date.parse(startedAt) + 9_000,
      },
    ]);
    expect(await forge.checks.jobSteps(99_999)).toBeUndefined();
  });

  test('that are statuses are heard of once they have ended, with the branch whose head they are about', async () => {
    room.events.length = 0;
    for (const state of ['pending', 'error']) {
      await room.ask('POST', `${repo}/statuses/${sha}`, {
        token: room.tokens.octo,
        body: { state, context: 'jenkins' },
      });
    }
    const [pending, ended] = room.events.filter(({ name }) => name === 'status');
    expect(await readTriggerEvent({ name: 'status', payload: pending?.payload })).toMatchObject({ kind: 'unrelated' });
    const event = { kind: 'checks', headSha: sha, branch, failed: true, told: 'each' };
    expect(await readTriggerEvent({ name: 'status', payload: ended?.payload })).toMatchObject(event);
  });
});
