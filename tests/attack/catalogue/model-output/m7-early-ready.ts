import { recoverTeam } from '../../../../src/flows/team/recover-team.ts';
import { sampleCheck } from '../../../fakes/fake-checks.ts';
import { teamScene } from '../../../unit/flows/team/team-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const headSha = 'a'.repeat(40);
const lint = sampleCheck({ id: 1, name: 'lint', conclusion: 'success' });
const slow = sampleCheck({ id: 2, name: 'security', conclusion: 'success' });

/** What becomes of a team whose head has these checks, where the base has both, so long after its last stage. */
async function withChecks(checks: readonly (typeof lint)[], afterMs: number): Promise<string> {
  const scene = await teamScene();
  const { forge, clock, issue, room } = scene;
  const pullRequest = scene.openPull();
  const stored = await forge.team.read(issue);
  if (stored === undefined) throw new Error('no team');
  const state = { kind: 'waiting', for: 'checks', what: 'the checks' } as const;
  const history = [{ stage: 'review', round: 1, what: 'no findings', at: clock.now() }] as const;
  const waiting = { stage: 'ready', state, pullRequest, headSha, verdict: 'confirmed', history } as const;
  await forge.team.swap(issue, { seen: stored.id, record: { ...stored.record, ...waiting } });
  forge.checks.bySha.set(headSha, checks);
  forge.checks.bySha.set(forge.git.branches.get('main') ?? '', [lint, slow]);
  clock.advance(afterMs);
  await recoverTeam(room, issue, { signal: AbortSignal.timeout(10_000) });
  return (await scene.record()).state.kind;
}

export const readyTooEarly: Attack = {
  id: 'M7',
  title: 'the first check ends before the others have begun, and the team calls its change ready',
  attack: async () => {
    const state = await withChecks([lint], 1_000);
    return state === 'waiting' ? contained('what the base is checked by is waited for') : escaped(`it is ${state}`);
  },
  twin: async () => {
    const [both, later] = [await withChecks([lint, slow], 1_000), await withChecks([lint], 120_000)];
    return both === 'over' && later === 'over'
      ? passed('with all of them it is ready, and what never begins is not waited for')
      : hindered(`${both}, ${later}`);
  },
};
