import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { readForgeEvent } from '../../src/adapters/github/forge-event.ts';
import { createForgeHooks } from '../../src/adapters/github/forge-hooks.ts';
import { createForgeIssues } from '../../src/adapters/github/forge-issues.ts';
import { mirroredEvents } from '../../src/domain/coordination/mirrored-events.ts';
import { marker } from '../../src/domain/markers.ts';
import { renderTrackingComment } from '../../src/domain/tracking-comment.ts';
import { mirrorEvent } from '../../src/flows/mirror-event.ts';
import { syncRepository } from '../../src/flows/sync-repository.ts';
import { type GitHubRoom, gitHubRoom } from '../fakes/embedded-github-room.ts';
import { type LocalBooks, localBooks } from '../fakes/local-books.ts';

const repository = { owner: 'octo', name: 'slug' };
const key = (number: number, kind = 'issues') => `github/octo/slug/${kind}/${number}`;

describe('what GitHub says, in the books', () => {
  let room: GitHubRoom;
  let books: LocalBooks;
  const log: string[] = [];

  beforeAll(async () => {
    room = await gitHubRoom();
  });
  afterAll(() => room[Symbol.asyncDispose]());
  beforeEach(async () => {
    books = await localBooks();
    return () => books[Symbol.asyncDispose]();
  });

  const apiOf = (token: string) =>
    createGitHubApi({
      token,
      repository,
      apiUrl: room.github.apiUrl,
      userAgent: 'test',
      clock: { ...books.clock, sleep: async () => {} },
      signal: new AbortController().signal,
      log: () => {},
    });
  const host = () => new URL(room.github.url).host;
  const open = async (title: string, body = ''): Promise<number> =>
    (await room.ask('POST', '/repos/octo/slug/issues', { body: { title, body } })).json.number;
  const idOf = async (number: number): Promise<number> =>
    (await room.ask('GET', `/repos/octo/slug/issues/${number}`)).json.id;
  const waitFor = async (blocked: number, blocker: number) =>
    room.ask('POST', `/repos/octo/slug/issues/${blocked}/dependencies/blocked_by`, {
      body: { issue_id: await idOf(blocker) },
    });
  const makePart = async (parent: number, child: number) =>
    room.ask('POST', `/repos/octo/slug/issues/${parent}/sub_issues`, { body: { sub_issue_id: await idOf(child) } });
  const close = (number: number) =>
    room.ask('PATCH', `/repos/octo/slug/issues/${number}`, { body: { state: 'closed' } });
  const sync = (more: { since?: string; reached?: (since: string) => void } = {}) => {
    const issues = createForgeIssues(apiOf(room.tokens.alice));
    return syncRepository({ tasks: books.tasks, issues, host: host() }, { repository, actor: 'sync', ...more });
  };
  const blockersOf = async (number: number) => (await books.tasks.read(key(number)))?.blockedBy ?? [];

  describe('by a sync', () => {
    it('has every issue with what it waits for: by GitHub, by its parts, and by its text', async () => {
      const [first, second, third] = [await open('First'), await open('Second'), await open('Third')];
      const last = await open('Last', `Blocked by #${first} and octo/nowhere#7.\n\nBlocked by #99999`);
      await waitFor(last, second);
      await makePart(last, third);
      const reached: string[] = [];
      const report = await sync({ reached: (since) => reached.push(since) });
      expect(report).toMatchObject({ repository: 'octo/slug', cycles: [], next: reached.at(-1) });
      expect(report.missing).toEqual(['octo/nowhere#7', 'octo/slug#99999']);
      expect([...(await blockersOf(last))].sort()).toEqual([key(first), key(second), key(third)].sort());
      expect(await books.tasks.read(key(last))).toMatchObject({ ready: false, openBlockers: 3 });

      for (const number of [first, second, third]) await close(number);
      expect((await sync({ since: report.next ?? '' })).issues).toBeGreaterThanOrEqual(3);
      expect(await books.tasks.read(key(last))).toMatchObject({ ready: true, openBlockers: 0 });
    });

    it('changes nothing the second time', async () => {
      const [one, other] = [await open('One'), await open('Other')];
      await waitFor(one, other);
      await sync();
      const before = (await books.activity.read({ limit: 100_000 })).length;
      await sync();
      expect((await books.activity.read({ limit: 100_000 })).length).toBe(before);
    });

    it('forgets what an issue no longer waits for', async () => {
      const blocker = await open('Blocker');
      const waiting = await open('Waiting', `Depends on #${blocker}`);
      await waitFor(waiting, blocker);
      await sync();
      expect(await blockersOf(waiting)).toEqual([key(blocker)]);
      await room.ask('DELETE', `/repos/octo/slug/issues/${waiting}/dependencies/blocked_by/${await idOf(blocker)}`);
      await sync();
      // Still by its text.
      expect(await blockersOf(waiting)).toEqual([key(blocker)]);
      await room.ask('PATCH', `/repos/octo/slug/issues/${waiting}`, { body: { body: 'Free.' } });
      await sync();
      expect(await blockersOf(waiting)).toEqual([]);
    });

    it('leaves out what would close a circle, and tells its path', async () => {
      const one = await open('One');
      const other = await open('Other', `Blocked by #${one}`);
      await room.ask('PATCH', `/repos/octo/slug/issues/${one}`, { body: { body: `Blocked by #${other}` } });
      const { cycles } = await sync();
      expect(cycles).toHaveLength(1);
      expect(cycles[0]?.[0]).toBe(cycles[0]?.at(-1));
      expect([await blockersOf(one), await blockersOf(other)].flat()).toHaveLength(1);
    });

    it('knows a pull request from an issue, where a text names only a number', async () => {
      await room.commit('feature', { 'x.txt': `${Math.random()}` });
      const made = await room.ask('POST', '/repos/octo/slug/pulls', {
        body: { title: 'A change', head: 'feature', base: 'main' },
      });
      const waiting = await open('Waiting', `Waiting for #${made.json.number}`);
      await sync();
      expect(await blockersOf(waiting)).toEqual([key(made.json.number, 'pulls')]);
    });
  });

  describe('by webhooks', () => {
    /** A receiver on loopback, registered as any administrator would, that hands every delivery to the flow. */
    async function listening() {
      const pending: Promise<unknown>[] = [];
      const job = createGitHubForge(apiOf(room.job({ contents: 'write', issues: 'write' })));
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const event = String(request.headers['x-github-event']);
        const payload: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        const heard = mirrorEvent(
          { ...books, host: host(), log: (line) => log.push(line), forgeOf: () => job },
          readForgeEvent({ event, payload }),
        );
        pending.push(heard);
        response.writeHead(await heard.then(() => 200)).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const hooks = createForgeHooks(apiOf(room.tokens.octo));
      const hook = await hooks.create({ url: `http://127.0.0.1:${port}/`, events: mirroredEvents, secret: 's' });
      return {
        job,
        [Symbol.asyncDispose]: async () => {
          await hooks.delete(hook.id);
          await Promise.all(pending);
          await new Promise((resolve) => server.close(resolve));
        },
      };
    }

    it('follows issues, their text, dependencies and parts as they change', async () => {
      await using _ = await listening();
      const [first, second, third] = [await open('First'), await open('Second'), await open('Third')];
      const last = await open('Last', `Blocked by #${first}`);
      await waitFor(last, second);
      await makePart(last, third);
      await expect.poll(async () => (await blockersOf(last)).length).toBe(3);
      await room.ask('DELETE', `/repos/octo/slug/issues/${last}/sub_issue`, {
        body: { sub_issue_id: await idOf(third) },
      });
      await room.ask('PATCH', `/repos/octo/slug/issues/${last}`, { body: { body: 'No longer.' } });
      await expect.poll(() => blockersOf(last)).toEqual([key(second)]);
      await close(second);
      await expect.poll(async () => (await books.tasks.read(key(last)))?.ready).toBe(true);
      await room.ask('POST', `/repos/octo/slug/issues/${last}/comments`, { body: { body: 'hello' } });
      await expect.poll(async () => (await books.tasks.read(key(last)))?.issue.comments).toBe(1);
    });

    it('frees what a workflow run held when it ends, long before its lease does, and closes its comment', async () => {
      await using heard = await listening();
      const number = await open('Broken');
      await expect.poll(() => books.tasks.read(key(number))).toBeDefined();
      const seed = { workflowPath: '.github/workflows/agent.yml', name: 'agent', event: 'issues', title: 'x' };
      const at = { headBranch: 'main', headSha: await room.head('main'), actor: 'alice' };
      const run = room.github.runs.create({ repository, ...seed, ...at });
      const runId = '01JD0000000000000000000000';
      const holder = { owner: `coder/${runId}`, runId, kind: 'agent', reason: 'fix' } as const;
      const workflowRun = { id: run.id, attempt: 1, url: run.url };
      const ask = { key: key(number), leaseId: 'lease', ttlMs: 3_600_000, holderIsDead: async () => false };
      const claim = await books.claims.acquire({ ...ask, holder: { ...holder, workflowRun } });
      if (claim.kind !== 'granted') throw new Error(claim.kind);
      const state = { kind: 'working', step: 'read', leaseExpiresAt: claim.lease.expiresAt } as const;
      const text = renderTrackingComment({ role: 'coder', issue: number, fence: 1, runId, state });
      const comment = await heard.job.createComment(number, text);
      const copy = marker({ issue: number, fence: 1, run: runId, op: 'tracking' });
      await room.ask('POST', `/repos/octo/slug/issues/${number}/comments`, { body: { body: `${copy}\nmine` } });

      room.github.runs.update(run.id, { status: 'in_progress' });
      room.github.runs.update(run.id, { status: 'completed', conclusion: 'cancelled' });
      await expect.poll(async () => (await books.claims.read(key(number)))?.state).toBe('free');
      expect((await books.claims.read(key(number)))?.fence).toBe(2);
      await expect.poll(async () => (await heard.job.comment(comment.id))?.body).toContain('ended without a word');
      expect((await books.claims.release(claim.lease)).kind).toBe('not-mine');
      expect((await books.tasks.read(key(number)))?.ready).toBe(true);
    });

    it('leaves the claims of other runs, of later attempts and of people alone', async () => {
      await using _ = await listening();
      const seed = { workflowPath: '.github/workflows/agent.yml', name: 'agent', event: 'issues', title: 'x' };
      const at = { headBranch: 'main', headSha: await room.head('main'), actor: 'alice' };
      const run = room.github.runs.create({ repository, ...seed, ...at });
      const held = async (number: number, kind: 'agent' | 'human', id: number, attempt: number) => {
        const holder = { owner: 'x', runId: `r${number}`, kind, reason: 'x', workflowRun: { id, attempt, url: 'u' } };
        const ask = { key: key(number), leaseId: `l${number}`, ttlMs: 3_600_000, holderIsDead: async () => false };
        await books.claims.acquire({ ...ask, holder });
      };
      await held(9001, 'agent', run.id + 5, 1);
      await held(9002, 'agent', run.id, 2);
      await held(9003, 'human', run.id, 1);
      await held(9004, 'agent', run.id, 1);
      room.github.runs.update(run.id, { status: 'completed', conclusion: 'failure' });
      await expect.poll(async () => (await books.claims.read(key(9004)))?.state).toBe('free');
      for (const number of [9001, 9002, 9003]) {
        expect(await books.claims.read(key(number))).toMatchObject({ state: 'held', fence: 1 });
      }
    });
  });
});
