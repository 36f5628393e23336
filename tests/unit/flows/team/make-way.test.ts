import { describe, expect, it } from 'vitest';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { makeWay } from '../../../../src/flows/team/make-way.ts';
import { startTeam } from '../../../../src/flows/team/start-team.ts';
import { type TeamScene, teamScene } from './team-scene.ts';

const running = { kind: 'running', runId: 'run9', fence: 1, step: 'step9' } as const;
const plan = (...paths: readonly string[]) => ({ hash: 'h', paths });

async function put({ forge, room }: TeamScene, issue: number, change: Partial<TeamRecord>): Promise<TeamRecord> {
  await startTeam(room, { issue, askedBy: 'alice', stages: ['plan', 'code'], maxRounds: 3 });
  const stored = await forge.team.read(issue);
  if (stored === undefined) throw new Error('no team');
  const record = { ...stored.record, ...change };
  await forge.team.swap(issue, { seen: stored.id, record });
  return record;
}

const mine = async (scene: TeamScene, ...paths: readonly string[]): Promise<TeamRecord> => ({
  ...(await put(scene, 2_000, { stage: 'code', plan: plan(...paths) })),
});

describe('a coder that is about to begin', () => {
  it('waits for whoever writes the same file, however many teams with lower numbers were left lying about', async () => {
    const lines: string[] = [];
    const scene = await teamScene({ log: (line) => lines.push(line) });
    for (let issue = 100; issue < 160; issue += 1) {
      await put(scene, issue, { stage: 'code', state: { kind: 'waiting', for: 'person', what: 'it is stuck' } });
    }
    await put(scene, 900, { stage: 'code', state: running, plan: plan('src/slug.js') });
    const before = await makeWay(scene.room, await mine(scene, 'src/slug.js', 'README.md'));
    expect(before).toEqual([{ issue: 900, shared: ['src/slug.js'] }]);
    expect(lines).toEqual([]);
  });

  it('says of how many teams at work it did not look at the files', async () => {
    const lines: string[] = [];
    const scene = await teamScene({ log: (line) => lines.push(line) });
    for (let issue = 100; issue < 153; issue += 1) {
      await put(scene, issue, { stage: 'code', state: running, plan: plan(`src/${issue}.js`) });
    }
    expect(await makeWay(scene.room, await mine(scene, 'src/slug.js'))).toEqual([]);
    expect(lines.join()).toContain('files of 3 more teams at work were not looked at');
  });

  it('asks nobody when its plan names no files', async () => {
    const scene = await teamScene();
    await put(scene, 900, { stage: 'code', state: running, plan: plan('src/slug.js') });
    const record = await put(scene, 2_000, { stage: 'code' });
    const calls = scene.forge.calls.length;
    expect(await makeWay(scene.room, record)).toEqual([]);
    expect(scene.forge.calls.length).toBe(calls);
  });

  it('counts what a pull request has changed, by both names of a file that was moved', async () => {
    const scene = await teamScene();
    const pullRequest = scene.openPull();
    scene.forge.reviews.diffs.set(pullRequest, [
      { path: 'src/new.js', previousPath: 'src/old.js', status: 'renamed', patch: undefined },
    ] as never);
    await put(scene, 900, { stage: 'ready', state: { kind: 'waiting', for: 'checks', what: 'checks' }, pullRequest });
    expect(await makeWay(scene.room, await mine(scene, 'src/old.js'))).toMatchObject([{ issue: 900 }]);
  });

  it('goes first before a higher number that has not begun either', async () => {
    const scene = await teamScene();
    const { state } = await put(scene, 3_000, { stage: 'code', plan: plan('src/slug.js') });
    expect(state.kind).toBe('pending');
    expect(await makeWay(scene.room, await mine(scene, 'src/slug.js'))).toEqual([]);
  });
});
