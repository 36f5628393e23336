import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const bot = { login: 'github-actions[bot]', kind: 'bot' } as const;
/** What the budget of an issue is good for by itself. */
const most = 4;

/** How many runs a check that always fails sends, where this person comments after each. */
async function runsWith(commenter: string): Promise<number> {
  const at = gateFixture({ settings: { teamRounds: 2 } });
  const sent = await at.admit(at.commentEvent('/agent fix', 'alice'));
  if (sent.kind !== 'admitted') throw new Error(JSON.stringify(sent));
  await at.claims.release(sent.task.lease);
  const { headSha } = at.pullInEvent(at.openPull({ branch: 'agent/1/f1-x' }));
  const check = { id: 1, name: 'build', app: 'ci', status: 'completed', conclusion: 'failure' } as const;
  const more = { url: 'https://x', jobId: undefined, summary: 'It fails.', annotations: 0 };
  at.forge.checks.bySha.set(headSha, [{ ...check, ...more }]);
  for (let runs = 0; runs < most; runs += 1) {
    const event = { kind: 'checks', headSha, branch: 'agent/1/f1-x', failed: true, told: 'each', sender: bot } as const;
    const admission = await at.admit(event);
    if (admission.kind !== 'admitted') return runs;
    await at.claims.release(admission.task.lease);
    at.forge.seedComment(1, 'hm', commenter);
  }
  return most;
}

export const endlessChecks: Attack = {
  id: 'D1',
  title: 'a stranger comments after each run for a check that cannot pass, so that it is never too often',
  attack: async () => {
    const runs = await runsWith('mallory');
    return runs < most ? contained(`after ${runs} runs a person is asked`) : escaped('each word is one more run');
  },
  twin: async () => {
    const runs = await runsWith('bob');
    return runs === most ? passed('the word of somebody who may begins anew') : hindered(`${runs} runs`);
  },
};
