import { expect, test } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { stopMember } from '../../../src/flows/change-set/stop-member.ts';
import { sweepChangeSets } from '../../../src/flows/change-set/sweep-change-sets.ts';
import type { DispatchRoom } from '../../../src/flows/dispatch/dispatch-room.ts';
import { takeDelivery } from '../../../src/flows/dispatch/take-delivery.ts';
import { type ChangeSetScene, changeSetScene, lockMs } from '../../fakes/change-set-scene.ts';
import { noBounds } from '../../unit/flows/sweep.fixture.ts';

const slug = { owner: 'octo', name: 'slug' };
const archived = new EntropyError({ code: 'E204', message: 'octo/app was archived', fix: 'unarchive it' });

async function claimOf(at: ChangeSetScene, issue: number, name: string) {
  const member = (await at.set(issue)).members.find(({ repository }) => repository === `octo/${name}`);
  return at.scene.stores.claims.read(`github/octo/${name}/issues/${member?.issue}`);
}

test('stop on the issue of a set ends the run that is at work, and nothing of it begins any more', async () => {
  await using at = await changeSetScene();
  const issue = await at.ask('Repositories: app, web (after app)');
  expect(await claimOf(at, issue, 'app')).toMatchObject({ state: 'held' });
  expect(await at.say(issue, '/agent stop')).toMatchObject({ kind: 'done', what: 'answered' });
  expect(await at.set(issue)).toMatchObject({ state: 'stopped', stoppedBy: 'alice' });
  expect(await claimOf(at, issue, 'app')).toMatchObject({ state: 'free' });
  expect(await at.table('slug', issue)).toContain('`@alice` asked for it');
  expect((await at.scene.written(issue)).join()).toContain('`/agent retry` goes on');
  await sweepChangeSets(at.scene.room(), slug, noBounds);
  expect(await at.states(issue)).toBe('app failed, web waiting');
  expect(await sweepChangeSets(at.scene.room(), slug, noBounds)).toBe(0);
  expect(at.scene.started()).toHaveLength(1);

  await at.say(issue, '/agent retry');
  expect(await at.states(issue)).toBe('app working, web waiting');
  expect(at.scene.started()).toHaveLength(2);
});

test('stop by somebody who may not write in a repository of the set ends no run there, and says nothing there', async () => {
  await using at = await changeSetScene();
  const issue = await at.ask('Repositories: slug, app');
  const before = (await at.scene.written(1, 'octo/app')).length;
  const room = at.scene.room();
  const { forge: app } = room.connect({ owner: 'octo', name: 'app' });
  const member = (await at.set(issue)).members.find(({ repository }) => repository === 'octo/app');
  if (member === undefined) throw new Error('octo/app is no member');
  const set = { ...(await at.set(issue)), stoppedBy: 'carol' };
  expect(await app.permissionOf('carol')).toBe('read');
  const asked = await stopMember(room, { set, member }, noBounds.signal);
  expect(asked).toEqual([{ kind: 'stop-asked', repository: 'octo/app' }]);
  expect(await claimOf(at, issue, 'app')).toMatchObject({ state: 'held' });
  expect(await at.scene.written(1, 'octo/app')).toHaveLength(before);
  expect(at.scene.log.join('\n')).toContain('may not stop its run in octo/app');
});

test('a repository in which GitHub refuses what is to be done keeps no other one from its turn', async () => {
  await using at = await changeSetScene();
  const issue = await at.ask('Repositories: slug, app (with slug), web (with slug)');
  const first = await at.deliver(issue, 'slug');
  const pulls = { app: await at.deliver(issue, 'app'), web: await at.deliver(issue, 'web') };
  const room = at.scene.room();
  const refusing: DispatchRoom = {
    ...room,
    connect: (place) => {
      const access = room.connect(place);
      if (place.name !== 'app') return access;
      const reviews = { ...access.forge.reviews, markReady: () => Promise.reject(archived) };
      return { ...access, forge: { ...access.forge, reviews } };
    },
  };
  await at.end('slug', first, 'merge', refusing);
  expect(await at.pull('web', pulls.web)).toMatchObject({ draft: false });
  expect(await at.pull('app', pulls.app)).toMatchObject({ draft: true });
  expect(await at.table('slug', issue)).toContain('octo/app was archived');
  await sweepChangeSets(at.scene.room(), slug, noBounds);
  expect(await at.pull('app', pulls.app)).toMatchObject({ draft: false });
  expect(await at.table('slug', issue)).not.toContain('archived');
});

test('what came of a run that a person asked for on the own issue of a part is taken, and no second run is paid', async () => {
  await using at = await changeSetScene();
  const room = at.scene.room();
  const later = new EntropyError({ code: 'E203', message: 'later', fix: 'wait', retryable: true });
  const unheard: DispatchRoom = {
    ...room,
    readTrigger: (told) => (told.event === 'repository_dispatch' ? Promise.reject(later) : room.readTrigger(told)),
  };
  const issue = await at.open('Repositories: app');
  await expect(at.fix(issue, unheard)).rejects.toThrow('later');
  const own = (await at.set(issue)).members[0]?.issue ?? 0;
  const { github } = at.scene;
  await github.ask('POST', `/repos/octo/app/issues/${own}/comments`, { body: { body: '/agent fix' } });
  const comment = at.scene.lastDelivery('issue_comment', 'octo/app');
  const message = { deliveries: 1, isLast: false, workId: 'w', lockMs };
  expect(await takeDelivery(room, comment, message, noBounds.signal)).toMatchObject({ what: 'started' });
  await at.deliver(issue, 'app');
  expect(await at.states(issue)).toBe('app in_review');
  expect(at.scene.started()).toHaveLength(1);
});
