import { defaultSettings } from '../../../../src/domain/settings.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { nothingLeftOut } from '../../../../src/domain/test-proof.ts';
import { readyPull } from '../../../../src/flows/team/ready-pull.ts';
import { manifestOn, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { teamScene } from '../../../unit/flows/team/team-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const proven = { proof: { room: 'fresh', leftOut: nothingLeftOut } } as const;

/** GitHub was asked to merge what was proven; then the branch goes on with what nothing independent speaks for. */
async function secondHead() {
  const { forge, task, publish, comment } = await publishScene({ merge: 'auto' });
  const first = manifestOn(forge, task.base.sha, { 'src/slugify.ts': 'new\n' });
  const { branch = '', headSha = '', pullRequest } = await publish(readyResult(first, proven));
  const number = pullRequest?.number ?? 0;
  const before = forge.toMerge.get(number);
  const continues = { branch, headSha, pullRequest: number };
  const second = manifestOn(forge, headSha, { 'src/slugify.ts': 'newer\n' });
  const { outcome } = await publish(readyResult(second), { task: { ...task, continues } });
  return {
    before,
    after: forge.toMerge.get(number),
    headSha,
    moved: forge.git.branches.get(branch) !== headSha,
    told: `${outcome}: ${comment()}`,
  };
}

export const mergedAsAnotherHead: Attack = {
  id: 'M7',
  title: 'GitHub was asked to merge a proven head, and another one takes its place',
  attack: async () => {
    const { after, moved, told } = await secondHead();
    if (!moved) return escaped(`the second head was not delivered: ${told}`);
    return after === undefined
      ? contained('what GitHub was asked for is taken back before the branch goes on')
      : escaped('GitHub merges what nothing speaks for as soon as the checks pass');
  },
  twin: async () => {
    const { before, headSha } = await secondHead();
    return before === headSha ? passed('the proven head itself is merged') : hindered(`asked to merge ${before}`);
  },
};

/** A coder's run that is a step of a team, where tester and reviewer have not begun. */
async function stepOfTeam(step: string | undefined): Promise<number> {
  const { forge, task, publish } = await publishScene({ merge: 'auto', ...(step !== undefined && { step }) });
  await publish(readyResult(manifestOn(forge, task.base.sha, { 'src/slugify.ts': 'new\n' }), proven));
  return forge.toMerge.size;
}

export const mergedBeforeTheReview: Attack = {
  id: 'M7',
  title: 'a team’s change is merged by itself before its tester and its reviewer have seen it',
  attack: async () =>
    (await stepOfTeam('01JD00000000000000000000ST')) > 0
      ? escaped('GitHub merges while the team still looks')
      : contained('a step of a team asks for no merge'),
  twin: async () =>
    (await stepOfTeam(undefined)) > 0 ? passed('one agent alone asks at once') : hindered('nothing was asked for'),
};

/** What a team that is ready asks for, where the repository says `merge: auto`. */
async function whenReady(change: Partial<TeamRecord>): Promise<string | undefined> {
  const scene = await teamScene({ settings: async () => ({ ...defaultSettings, merge: 'auto' }) });
  const pullRequest = scene.openPull();
  const headSha = 'c'.repeat(40);
  await readyPull(scene.room, { ...(await scene.record()), pullRequest, headSha, verdict: 'confirmed', ...change });
  return scene.forge.toMerge.get(pullRequest);
}

const open = { category: 'correctness', title: 'It crashes', body: 'On an empty text.', severity: 'blocker' } as const;
const finding = { ...open, fingerprint: 'f', path: 'src/word.ts', round: 1, standing: 'open' } as const;

export const mergedUntested: Attack = {
  id: 'M7',
  title: 'a team that ends without a test that speaks for the change, or with open findings, has it merged',
  attack: async () => {
    const ends: readonly Partial<TeamRecord>[] = [
      { verdict: 'unproven' },
      { verdict: 'not-reproduced' },
      { chosen: ['code', 'review'] },
      { findings: [finding] },
    ];
    for (const end of ends) {
      if ((await whenReady(end)) !== undefined) return escaped(`merged with ${JSON.stringify(end)}`);
    }
    return contained('a person merges it');
  },
  twin: async () =>
    (await whenReady({})) === 'c'.repeat(40)
      ? passed('what its own test speaks for is merged by GitHub')
      : hindered('GitHub was not asked'),
};
