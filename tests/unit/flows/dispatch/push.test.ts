import { describe, expect, test } from 'vitest';
import { leaseOf } from '../../../../src/domain/claim.ts';
import { requestNames } from '../../../../src/domain/dispatch/request-names.ts';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { sweepTeams } from '../../../../src/flows/sweep/sweep-teams.ts';
import { type DispatchScene, dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { noBounds, sweepRoom } from '../sweep.fixture.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const signal = new AbortController().signal;
const place = { owner: 'octo', name: 'slug' };

/** An agent's pull request, its run over, and a base that has changed the same line since. */
async function conflicting(scene: DispatchScene) {
  const issue = await scene.openIssue();
  const delivery = await scene.comment(issue, '/agent fix');
  await takeDelivery(scene.room(), delivery, message, signal);
  const claim = await scene.stores.claims.read(`github/octo/slug/issues/${issue}`);
  if (claim !== undefined) await scene.stores.claims.release(leaseOf(claim));
  const { runId } = requestNames(delivery, 0);
  await scene.stores.runs.change(runId, { to: 'succeeded', facts: { endedAt: scene.clock.now() }, actor: 'test' });

  const branch = `agent/${issue}/f1-keep-it`;
  await scene.github.commit(branch, { 'README.md': 'ours\n' });
  const { forge } = scene.room().connect(place);
  const made = await forge.createPullRequest({ title: 'Keep it', body: '', head: branch, base: 'main', draft: false });
  if (made.kind !== 'created') throw new Error('no pull request');
  await scene.github.commit('main', { 'README.md': 'theirs\n' });
  // GitHub works it out when somebody asks.
  await forge.pullRequest(made.pull.number);
  return { issue, pull: made.pull.number };
}

const announced = (scene: DispatchScene): number =>
  scene.github.events.filter(({ name }) => name === 'repository_dispatch').length;

describe('a push to a base, behind a coordinator', () => {
  test('has the coder of a pull request started that conflicts now, to merge, once', async () => {
    await using scene = await dispatchScene();
    const { issue, pull } = await conflicting(scene);
    const before = scene.started().length;
    const push = await takeDelivery(scene.room(), scene.lastDelivery('push'), message, signal);
    expect(push).toMatchObject({ kind: 'done', what: 'mirrored', text: `#${pull}: started` });
    const request = scene.lastDelivery('repository_dispatch');
    expect(await takeDelivery(scene.room(), request, message, signal)).toMatchObject({ what: 'started' });
    expect(scene.started()).toHaveLength(before + 1);
    expect((await scene.written(issue)).at(-1)).toContain(`git cannot merge pull request #${pull} with it any more`);
  });

  test('that nobody told of is found by the sweeper', async () => {
    await using scene = await dispatchScene();
    await conflicting(scene);
    scene.clock.advance(6 * 60_000);
    expect(await sweepTeams(sweepRoom(scene), noBounds)).toMatchObject({ repositories: 1, merges: 1 });
    expect(announced(scene)).toBe(1);
  });

  test('where no agent waits for a merge asks for nobody', async () => {
    await using scene = await dispatchScene();
    await scene.github.commit('main', { 'README.md': 'theirs\n' });
    const push = await takeDelivery(scene.room(), scene.lastDelivery('push'), message, signal);
    expect(push).toMatchObject({ what: 'mirrored', text: 'no agent waits for main' });
    expect(announced(scene)).toBe(0);
  });
});
