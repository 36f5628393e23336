import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { triggerRoom } from './trigger-room.ts';

interface Case {
  readonly title: string;
  /** `.github/entropy.yml` that keeps this person out, and one that differs in letting them in. */
  readonly shut: string;
  readonly open: string;
  readonly by: 'alice' | 'carol';
  readonly how: string;
}

const unsafe = 'merge: auto\ndraft: false\ntest: npm test\nallow-users: [carol]\n';

const cases: readonly Case[] = [
  {
    title: 'somebody gives a command that the policy keeps for others, whatever they may do besides',
    shut: 'who: { fix: [dave] }\n',
    open: 'who: { fix: [dave, admin] }\n',
    by: 'alice',
    how: 'what the policy says of a command is all that counts for it',
  },
  {
    title: 'somebody gives a command that is for a team whose members GitHub does not show',
    shut: 'who: { fix: octo/agents }\n',
    open: 'who: { fix: [octo/agents, admin] }\n',
    by: 'alice',
    how: 'who cannot be seen to be a member is none',
  },
  {
    title: 'an outsider whom the policy lets in asks for what it would merge with nobody looking',
    shut: unsafe,
    open: `${unsafe}paths: { review-required: ["**"] }\n`,
    by: 'carol',
    how: 'a policy that is unsafe as a whole starts nothing',
  },
];

async function fix(config: string, by: string): Promise<{ readonly admitted: boolean; readonly told: string }> {
  await using room = await triggerRoom(config);
  const admission = await room.gate('issue_comment', await room.comment(by, '/agent fix'));
  const { claimed } = await room.left();
  return { admitted: admission.kind === 'admitted' || claimed, told: JSON.stringify(admission).slice(0, 300) };
}

export const keptByPolicy: readonly Attack[] = cases.map(({ title, shut, open, by, how }) => ({
  id: 'U1',
  title,
  attack: async () => ((await fix(shut, by)).admitted ? escaped(`${by} sent an agent`) : contained(how)),
  twin: async () => {
    const { admitted, told } = await fix(open, by);
    return admitted ? passed(`${by} starts an agent`) : hindered(told);
  },
}));
