import type { RunResult } from '../../../../src/domain/run-result.ts';
import { nothingLeftOut } from '../../../../src/domain/test-proof.ts';
import { manifestOn, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const proven = { proof: { room: 'fresh', leftOut: nothingLeftOut } } as const;
const failing = { command: 'npm test', exitCode: 1, timedOut: false, durationMs: 9, output: '1 of 9 failed' };

/** How many pull requests GitHub was asked to merge, where the repository says `merge: auto`. */
async function askedToMerge(more: Partial<RunResult>): Promise<{ readonly asked: number; readonly told: string }> {
  const { forge, task, publish, comment } = await publishScene({ merge: 'auto' });
  const patch = manifestOn(forge, task.base.sha, { 'src/slugify.ts': 'new\n' });
  const { outcome } = await publish(readyResult(patch, { ...proven, ...more }));
  return { asked: forge.toMerge.size, told: `${outcome}: ${comment()}` };
}

const unproven: readonly (readonly [string, Partial<RunResult>])[] = [
  ['tests that fail as before', { testsBefore: failing, testsAfter: failing }],
  ['tests where the agent had worked', { proof: { room: 'own', why: 'there was no room', leftOut: nothingLeftOut } }],
  ['no sandbox', { sandbox: { rung: 'none', description: 'NO SANDBOX' } }],
  ['a sandbox that runs no tests', { sandbox: { rung: 'landlock', description: 'landlock' } }],
];

export const mergedUnproven: Attack = {
  id: 'M7',
  title: 'a change that nothing independent speaks for is merged by itself, for the repository says `merge: auto`',
  attack: async () => {
    for (const [what, more] of unproven) {
      const { asked, told } = await askedToMerge(more);
      if (asked > 0) return escaped(`GitHub was asked to merge with ${what}`);
      if (!told.startsWith('succeeded') || !told.includes('A person merges it')) return escaped(`untold: ${told}`);
    }
    return contained('GitHub is not asked to merge it, and the comment says why');
  },
  twin: async () => {
    const { asked, told } = await askedToMerge({});
    return asked === 1 ? passed('GitHub is asked to merge what its tests speak for') : hindered(told);
  },
};
