import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createFileAppKey } from '../../src/adapters/filesystem/app-key-file.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createIdempotencyStore } from '../../src/adapters/sqlite/idempotency.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { DispatchRoom } from '../../src/flows/dispatch/dispatch-room.ts';
import { takeDelivery } from '../../src/flows/dispatch/take-delivery.ts';
import { openAppGitHub } from '../../src/runtime/aws/app-github.ts';
import { dispatchRoom } from '../../src/runtime/aws/dispatch-room.ts';
import { queuedOf } from '../fakes/dispatch-scene.ts';
import { memoryCursors } from '../fakes/memory-cursors.ts';
import { memorySealedTokens, reversingSealer } from '../fakes/memory-sealed-tokens.ts';
import { memoryWaitingList } from '../fakes/memory-waiting-list.ts';
import { type DispatchedStage, openDispatchedStage } from './dispatched-stage.ts';
import { sampleScript } from './sample-copy.ts';
import type { Comment, PullRequest } from './stage.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const clock = createSystemClock();

/** The dispatcher of a stack over the stage's books: everything that GitHub tells comes to it, one delivery after the other. */
function openDispatcher(stage: DispatchedStage, signal: AbortSignal) {
  const { github, keyFile, store, objects } = stage;
  const log = () => undefined;
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `01JD${String(ids).padStart(22, '0')}`;
  };
  const app = openAppGitHub({
    ...{
      appId: 77,
      apiUrl: github.apiUrl,
      owners: [{ login: 'octo' }],
      key: createFileAppKey(keyFile),
      clock,
      newId,
      log,
    },
    ...{ tokens: memorySealedTokens(), sealer: reversingSealer() },
  });
  const heardOnce = createIdempotencyStore(openDatabase({ path: ':memory:', clock }));
  const stores = { ...store, objects, clock, newId, waiting: memoryWaitingList(), heard: heardOnce };
  const settings = { githubServerUrl: github.url, workflow: 'agent.yml', runnerRepository: undefined };
  const opened = dispatchRoom({
    ...{ settings, stores: { ...stores, cursors: memoryCursors() }, github: app, connections: app.open(signal), log },
  });
  const room: DispatchRoom = {
    ...opened,
    settingsFrom: async (file, where) => ({
      ...(await opened.settingsFrom(file, where)),
      model: `scripted:${sampleScript}`,
    }),
  };
  let done: Promise<void> = Promise.resolve();
  const stop = github.onEvent((event) => {
    const delivery = queuedOf(event, clock.now());
    if (delivery === undefined) return;
    done = done.then(async () => {
      const taken = await takeDelivery(room, delivery, message, signal);
      if (taken.kind === 'later' || taken.kind === 'given-up') throw new Error(JSON.stringify(taken));
    });
  });
  return {
    room,
    stop,
    /** Until the set stands so, everything that was told was taken, and nobody works. */
    stands: async (issue: number, states: string): Promise<void> => {
      const { sets } = room.connect({ owner: 'octo', name: 'slug' });
      const deadline = AbortSignal.timeout(120_000);
      for (let now = ''; now !== states; ) {
        deadline.throwIfAborted();
        await setTimeout(100);
        await done;
        now = (await sets.read(issue))?.record.members.map(({ state }) => state).join(' ') ?? '';
      }
      await stage.runner.idle();
      await done;
    },
  };
}

it('a change in two repositories: an agent each, their pull requests in order, and one table that tells of both', async () => {
  await using stage = await openDispatchedStage('own-repository', ['app']);
  const ending = new AbortController();
  const { send } = stage;
  const policy = '/octo/slug/contents/.github/entropy.yml';
  const { content, sha } = await send<{ content: string; sha: string }>('GET', policy);
  const text = `${Buffer.from(content, 'base64').toString('utf8')}\nchange-sets: [octo/app]\n`;
  const change = { message: 'Let issues here change octo/app', branch: 'main', sha };
  await send('PUT', policy, { ...change, content: Buffer.from(text).toString('base64') });
  const { room, stands, stop } = openDispatcher(stage, ending.signal);
  const pullOf = async (name: string) => (await send<PullRequest[]>('GET', `/octo/${name}/pulls?state=all`))[0];
  const merge = async (name: string, number: number) => {
    await room.connect({ owner: 'octo', name }).forge.reviews.markReady(number);
    await send('PUT', `/octo/${name}/pulls/${number}/merge`, {});
  };
  const body = 'It does when the limit falls on a separator.\n\nRepositories: slug, app (with slug)\n';
  const asked = await send<{ number: number }>('POST', '/octo/slug/issues', { title: 'slugify drops a word', body });
  await send('POST', `/octo/slug/issues/${asked.number}/comments`, { body: '/agent fix' });
  await stands(asked.number, 'in_review in_review');

  const [first, second] = [await pullOf('slug'), await pullOf('app')];
  expect(stage.runner.ended.map(({ fault, report }) => [fault, report?.conclusion])).toEqual([
    [undefined, 'success'],
    [undefined, 'success'],
  ]);
  for (const [name, pull] of [
    ['slug', first],
    ['app', second],
  ] as const) {
    expect(pull).toMatchObject({ state: 'open', draft: name === 'app', body: expect.stringContaining('Closes #') });
    const files = await send<{ filename: string }[]>('GET', `/octo/${name}/pulls/${pull?.number}/files`);
    expect(files.map(({ filename }) => filename)).toContain('src/slugify.js');
  }
  expect(stage.log.filter(({ endpoint }) => endpoint === 'mintRunToken')).toHaveLength(2);

  await merge('slug', first?.number ?? 0);
  await stands(asked.number, 'merged in_review');
  expect(await pullOf('app')).toMatchObject({ state: 'open', draft: false });
  await merge('app', second?.number ?? 0);
  await stands(asked.number, 'merged merged');
  const tables = (await send<Comment[]>('GET', `/octo/slug/issues/${asked.number}/comments`)).filter(({ body: told }) =>
    told.includes('| repository |'),
  );
  expect(tables).toHaveLength(1);
  expect(tables[0]?.body).toContain('All of it is merged.');
  expect(tables[0]?.body).toContain(`/octo/app/pull/${second?.number}`);
  stop();
  ending.abort();
});
