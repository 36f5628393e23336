import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

/** What the gate says to a bot that writes a command below each of our comments, a hundred times. */
async function talk(login: string, settings: { readonly allowedBots: readonly string[] }) {
  const at = gateFixture({ settings });
  const kinds: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) kinds.push((await at.admit(at.commentEvent('/agent help me', login))).kind);
  return { kinds: new Set(kinds), written: at.written().length };
}

export const oneBotAnother: Attack = {
  id: 'D2',
  title: 'a bot that answers every comment of ours with a command',
  attack: async () => {
    const { kinds, written } = await talk('chatty[bot]', { allowedBots: [] });
    if (written > 0) return escaped(`it was answered ${written} times`);
    return [...kinds].join() === 'ignored'
      ? contained('a bot that is not listed is never answered')
      : escaped([...kinds].join());
  },
  twin: async () => {
    const { kinds } = await talk('renovate[bot]', { allowedBots: ['renovate[bot]'] });
    return kinds.has('answered') ? passed('a listed bot is heard') : hindered([...kinds].join());
  },
};
