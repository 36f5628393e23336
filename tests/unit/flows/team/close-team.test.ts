import { describe, expect, it } from 'vitest';
import { closeTeam } from '../../../../src/flows/team/close-team.ts';
import { recoverTeam } from '../../../../src/flows/team/recover-team.ts';
import { Killed } from '../../../fakes/fake-forge.ts';
import { signal, type TeamScene, teamScene } from './team-scene.ts';

const bodies = ({ forge }: TeamScene, op: string): readonly string[] =>
  forge.allComments.map(({ snapshot }) => snapshot.body).filter((body) => body.includes(`op=${op} `));

describe('the end of a team', () => {
  it('is told, and only then over', async () => {
    const scene = await teamScene();
    const record = await scene.tell({ kind: 'stop', by: 'alice' });
    expect(record.state).toMatchObject({ kind: 'closing', how: 'stopped' });
    expect((await closeTeam(scene.room, record))?.state).toMatchObject({ kind: 'over', how: 'stopped' });
    expect(bodies(scene, 'team')).toHaveLength(1);
    expect(bodies(scene, 'team')[0]).toContain('It ended: stopped by');
  });

  it('is told once more by whoever comes again, and changes nothing then', async () => {
    const scene = await teamScene();
    const record = await scene.tell({ kind: 'stop', by: 'alice' });
    await closeTeam(scene.room, record);
    expect(await closeTeam(scene.room, record)).toBeUndefined();
    expect(bodies(scene, 'team')).toHaveLength(1);
  });

  it('leaves the draft a draft where the work was not done', async () => {
    const scene = await teamScene();
    const pullRequest = scene.openPull();
    const stored = await scene.forge.team.read(scene.issue);
    if (stored === undefined) throw new Error('no team');
    const state = { kind: 'closing', how: 'stopped', what: 'stopped by @alice' } as const;
    const record = { ...stored.record, pullRequest, headSha: 'a'.repeat(40), state };
    await scene.forge.team.swap(scene.issue, { seen: stored.id, record });
    await closeTeam(scene.room, record);
    expect(scene.forge.pulls[0]?.draft).toBe(true);
    expect(bodies(scene, 'team-ready')).toEqual([]);
  });

  it('is over in the same way when it is killed at any call', async () => {
    for (let call = 1; call <= 20; call += 1) {
      const scene = await teamScene();
      const record = await scene.tell({ kind: 'stop', by: 'alice' });
      scene.forge.dieOn = { call: scene.forge.calls.length + call, when: 'after' };
      const killed = await closeTeam(scene.room, record).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      scene.forge.dieOn = undefined;
      await recoverTeam(scene.room, scene.issue, { signal });
      expect((await scene.record()).state).toMatchObject({ kind: 'over', how: 'stopped' });
      expect(bodies(scene, 'team')).toHaveLength(1);
      if (!killed) return;
    }
    throw new Error('more than 20 calls');
  });
});
