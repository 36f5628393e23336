import { describe, expect, test } from 'vitest';
import { leaseOf } from '../../../../src/domain/claim.ts';
import { requestNames } from '../../../../src/domain/dispatch/request-names.ts';
import { defaultSettings } from '../../../../src/domain/settings.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { sweepTeams } from '../../../../src/flows/sweep/sweep-teams.ts';
import { changeTeam } from '../../../../src/flows/team/change-team.ts';
import { openTeamRoom } from '../../../../src/flows/team/open-team-room.ts';
import { performTeam } from '../../../../src/flows/team/perform-team.ts';
import { createAnnouncementStarter } from '../../../../src/flows/team/start-by-announcement.ts';
import { type DispatchScene, dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { noBounds, sweepRoom } from '../sweep.fixture.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const signal = new AbortController().signal;
const place = { owner: 'octo', name: 'slug' };
const key = (issue: number) => `github/octo/slug/issues/${issue}`;

/** `/agent fix` where there is a team: its first run is started; then it ends, and its claim is free. */
async function readIssue(scene: DispatchScene) {
  const settings = 'team:\n  stages: [read, code]\n';
  await scene.github.commit('main', { '.github/entropy.yml': settings });
  const issue = await scene.openIssue();
  const delivery = await scene.comment(issue, '/agent fix');
  expect(await takeDelivery(scene.room(), delivery, message, signal)).toMatchObject({ what: 'started' });
  const { runId } = requestNames(delivery, 0);
  const { forge, workflows } = scene.room().connect(place);
  const starter = createAnnouncementStarter(workflows);
  const room = openTeamRoom({
    ...{ forge, claims: scene.stores.claims, clock: scene.clock, newId: scene.stores.newId },
    log: () => undefined,
    starter,
    holderIsDead: async () => false,
    ...{ settings: async () => defaultSettings, scanner: undefined, books: undefined, checksPatienceMs: 0 },
  });
  const change = await changeTeam(room, issue, {
    ...{ kind: 'ended', runId, result: { kind: 'read', questions: 0, blockedBy: [] } },
  });
  const claim = await scene.stores.claims.read(key(issue));
  if (claim !== undefined) await scene.stores.claims.release(leaseOf(claim));
  await scene.stores.runs.change(runId, { to: 'succeeded', facts: { endedAt: scene.clock.now() }, actor: 'test' });
  if (change.kind === 'none') throw new Error('there is no team');
  return { issue, room, starter, record: change.record, runId };
}

describe('the next step of a team, behind a coordinator', () => {
  test('is announced, comes to the dispatcher as every request does, and is started once', async () => {
    await using scene = await dispatchScene();
    const { issue, room, starter, record, runId } = await readIssue(scene);
    await performTeam(room, record, signal);
    const delivery = scene.lastDelivery('repository_dispatch');
    const taken = await takeDelivery(scene.room(), delivery, message, signal);
    expect(taken).toMatchObject({ kind: 'done', what: 'started' });
    expect(scene.started()).toHaveLength(2);
    const coder = requestNames(delivery, 0).runId;
    const stored = await room.forge.team.read(issue);
    expect(stored?.record).toMatchObject({ stage: 'code', state: { kind: 'running', runId: coder } });
    expect(await scene.stores.claims.read(key(issue))).toMatchObject({ state: 'held', holder: { runId: coder } });

    // Announced again, by a sweep that did not see it: the step is begun.
    await starter.start({ issue, step: { ...pendingOf(record), asks: 2 } });
    const again = scene.lastDelivery('repository_dispatch');
    expect(await takeDelivery(scene.room(), again, message, signal)).toMatchObject({ what: 'ignored' });
    expect(scene.started()).toHaveLength(2);

    expect(pendingOf(record).handOff).toEqual({ type: 'handoff', from: `issue-reader/${runId}` });
  });

  test('is asked for by the sweeper when nobody came for it', async () => {
    await using scene = await dispatchScene();
    const { issue } = await readIssue(scene);
    const announced = () => scene.github.events.filter(({ name }) => name === 'repository_dispatch').length;
    scene.clock.advance(11 * 60_000);
    expect(await sweepTeams(sweepRoom(scene), noBounds)).toEqual({ repositories: 1, looked: 1, moved: 1, merges: 0 });
    expect(announced()).toBe(1);
    expect(await sweepTeams(sweepRoom(scene), noBounds)).toEqual({ repositories: 0, looked: 0, moved: 0, merges: 0 });
    scene.clock.advance(6 * 60_000);
    expect(await sweepTeams(sweepRoom(scene), noBounds)).toEqual({ repositories: 1, looked: 1, moved: 0, merges: 0 });
    expect(announced()).toBe(1);
    expect(issue).toBeGreaterThan(0);
  });
});

function pendingOf({ state }: TeamRecord) {
  if (state.kind !== 'pending') throw new Error('nothing is pending');
  return state.step;
}
