import { expect, test } from 'vitest';
import type { ChangeSet } from '../../../src/domain/change-set/change-set.ts';
import { changeSetText } from '../../../src/domain/change-set/record-text.ts';
import { sweepChangeSets } from '../../../src/flows/change-set/sweep-change-sets.ts';
import type { DispatchRoom } from '../../../src/flows/dispatch/dispatch-room.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import { type ChangeSetScene, changeSetScene } from '../../fakes/change-set-scene.ts';
import { forgeChangeSet } from '../../fakes/forged-change-set.ts';
import { noBounds } from '../../unit/flows/sweep.fixture.ts';

const slug = { owner: 'octo', name: 'slug' };

/** What lies in a repository beside its default branch: issues, pull requests, comments. */
async function traces(at: ChangeSetScene, name: string): Promise<number> {
  const { ask, tokens } = at.scene.github;
  const as = { token: tokens.octo };
  const issues = (await ask('GET', `/repos/octo/${name}/issues?state=all`, as)).json;
  const comments = (await ask('GET', `/repos/octo/${name}/issues/comments`, as)).json;
  return issues.length + comments.length;
}

test('a set that somebody who may push wrote into the repository does nothing in another one', async () => {
  await using at = await changeSetScene();
  const issue = await at.open('Please take the keys out of octo/app.');
  await forgeChangeSet(at, issue, { askedBy: 'octo', members: ['octo/app'] });
  expect(await sweepChangeSets(at.scene.room(), slug, noBounds)).toBe(0);
  expect(await traces(at, 'app')).toBe(0);
  expect(at.scene.started()).toEqual([]);
  expect(at.scene.log.join('\n')).toContain('none of ours');
});

test('whoever writes over the copy of a set that was asked for changes nothing of what is done', async () => {
  await using at = await changeSetScene();
  const issue = await at.ask('Repositories: slug, app (after slug)');
  await forgeChangeSet(at, issue, { askedBy: 'octo', members: ['octo/web'] });
  const first = await at.deliver(issue, 'slug');
  await at.end('slug', first, 'merge');
  expect(await at.states(issue)).toBe('slug merged, app working');
  expect((await at.set(issue)).askedBy).toBe('alice');
  expect(await traces(at, 'web')).toBe(0);
});

test('a forged copy names a pull request of another repository, and nothing is told there', async () => {
  await using at = await changeSetScene();
  const { ask, tokens } = at.scene.github;
  const as = { token: tokens.octo };
  const head = (await ask('GET', '/repos/octo/app/git/ref/heads/main', as)).json.object.sha;
  await ask('POST', '/repos/octo/app/git/refs', { body: { ref: 'refs/heads/mine', sha: head }, ...as });
  const file = { message: 'x', content: 'eA==', branch: 'mine' };
  await ask('PUT', '/repos/octo/app/contents/x.txt', { body: file, ...as });
  const draft = { title: 'x', head: 'mine', base: 'main', draft: true };
  const { number } = (await ask('POST', '/repos/octo/app/pulls', { body: draft, ...as })).json;
  const before = await traces(at, 'app');
  const issue = await at.open('x');
  const member: Partial<ChangeSet['members'][number]> = { state: 'in_review', issue: 1, pullRequest: number, tries: 1 };
  await forgeChangeSet(at, issue, { askedBy: 'octo', members: ['octo/app'], member });
  await sweepChangeSets(at.scene.room(), slug, noBounds);
  expect(await traces(at, 'app')).toBe(before);
  expect(await at.pull('app', number)).toMatchObject({ draft: true });
  expect(await at.scene.written(issue)).toEqual([]);
});

/** Of octo/app GitHub says something else by now. */
function withChangedApp({ scene }: ChangeSetScene, how: 'permission' | 'list' | 'private'): DispatchRoom {
  const room = scene.room();
  const changed: Partial<Forge> = {
    ...(how === 'permission' && { permissionOf: async () => 'read' }),
    ...(how === 'private' && { isPublic: async () => false }),
  };
  return {
    ...room,
    connect: (place) => {
      const access = room.connect(place);
      return place.name === 'app' ? { ...access, forge: { ...access.forge, ...changed } } : access;
    },
  };
}

test.each([
  ['lost write access to a repository of it', 'no write access in `octo/app` any more', 'permission'],
  ['asks for a repository that the default branch no longer lists', 'no longer stands in `change-sets`', 'list'],
  ['finds a repository of it private', 'is public and the other private now', 'private'],
] as const)('a set whose asker %s is stopped before anything is done or told there', async (_name, why, how) => {
  await using at = await changeSetScene();
  const { ask, tokens } = at.scene.github;
  const as = { token: tokens.octo };
  const issue = await at.ask('Repositories: slug, app (after slug)');
  const first = await at.deliver(issue, 'slug');
  if (how === 'list') {
    const path = '/repos/octo/slug/contents/.github/entropy.yml';
    const { sha } = (await ask('GET', path, as)).json;
    const content = Buffer.from('change-sets: [octo/web]\n').toString('base64');
    await ask('PUT', path, { body: { message: 'fewer', content, sha }, ...as });
  }
  await at.end('slug', first, 'merge', withChangedApp(at, how));
  const set = await at.set(issue);
  expect(set).toMatchObject({ state: 'stopped' });
  expect(set.why).toContain(why);
  expect(await traces(at, 'app')).toBe(0);
  expect(await at.table('slug', issue)).toContain('no longer looked at');
  expect(at.scene.started()).toHaveLength(1);
});

test('the copy beside the code follows the books, and a set at rest is looked at no more', async () => {
  await using at = await changeSetScene();
  const issue = await at.ask('Repositories: slug, app (after slug)');
  const copies = at.scene.connections().connect(slug).setCopies;
  const copied = await copies.read(issue);
  expect(changeSetText(copied?.record ?? (await at.set(issue)))).toBe(changeSetText(await at.set(issue)));
  await at.fail(issue, 'slug', 'the tests fail');
  expect(await sweepChangeSets(at.scene.room(), slug, noBounds)).toBe(1);
  expect((await copies.read(issue))?.record.state).toBe('failed');
  expect(await copies.issues()).toEqual([]);
  // A copy that says otherwise is put right by the next sweep.
  await forgeChangeSet(at, issue, { askedBy: 'octo', members: ['octo/web'] });
  expect(await sweepChangeSets(at.scene.room(), slug, noBounds)).toBe(0);
  expect((await copies.read(issue))?.record.state).toBe('failed');
});
