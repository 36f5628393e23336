import { marker } from '../../../../src/domain/markers.ts';
import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

/** The first line of every comment of ours. */
const mark = marker({ issue: 1, fence: 1, run: '01JD0000000000000000000000', op: 'tracking' });

/** What an agent writes comes back to the gate as an event, from an account that may do everything. */
function ownWord(id: 'M5' | 'D2', title: string, command: string): Attack {
  const words = `Which one?\n\n${command}\n`;
  return {
    id,
    title,
    attack: async () => {
      const at = gateFixture();
      // Posted with a person's own token: GitHub tells the gate of it like of any other comment of theirs.
      const admission = await at.admit(at.commentEvent(`${mark}\n${words}`, 'alice'));
      if (admission.kind !== 'ignored') return escaped(`the gate took it as a command: ${admission.kind}`);
      return at.written().length === 0
        ? contained('the gate knows its own words')
        : escaped('the gate answered itself');
    },
    twin: async () => {
      const at = gateFixture();
      const admission = await at.admit(at.commentEvent(words, 'alice'));
      return admission.kind === 'ignored'
        ? hindered(admission.reason)
        : passed('a person who writes the same is heard');
    },
  };
}

export const ownCommands: readonly Attack[] = [
  ownWord('M5', 'an agent approves its own change in a comment', '/agent approve 0123456789abcdef01234567'),
];

export const answersToItself = ownWord('D2', 'an agent’s comment starts the next agent', '/agent fix');
