import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

interface Hidden {
  readonly title: string;
  readonly bodies: readonly string[];
  /** Nearly the same, and meant. */
  readonly meant: string;
}

/** An admin quotes or shows a stranger's words. They are a stranger's all the same. */
function hidden({ title, bodies, meant }: Hidden): Attack {
  return {
    id: 'U6',
    title,
    attack: async () => {
      for (const body of bodies) {
        const at = gateFixture();
        const admission = await at.admit(at.commentEvent(body, 'alice'));
        if (admission.kind !== 'ignored') return escaped(`${JSON.stringify(body)} was taken for a command`);
      }
      return contained('a command is the first word of a line of one’s own');
    },
    twin: async () => {
      const at = gateFixture();
      const admission = await at.admit(at.commentEvent(meant, 'alice'));
      return admission.kind === 'admitted' ? passed('a line of her own is heard') : hindered(JSON.stringify(admission));
    },
  };
}

export const hiddenCommands: readonly Attack[] = [
  hidden({
    title: 'a command in a quotation starts an agent',
    bodies: ['> /agent fix', '> said\n/agent fix', '- > /agent fix', '<blockquote>\n/agent fix\n</blockquote>'],
    meant: '> it is broken\n\n/agent fix',
  }),
  hidden({
    title: 'a command in code starts an agent',
    bodies: [
      '```\n/agent fix\n```',
      '~~~sh\n/agent fix',
      'Type this:\n\n    /agent fix',
      '`one\n/agent fix`',
      '<pre>\n/agent fix\n</pre>',
    ],
    meant: '```\nnpm test\n```\n\n/agent fix',
  }),
  hidden({
    title: 'a command in an HTML comment starts an agent',
    bodies: ['<!--\n/agent fix\n-->', 'Thanks!\n<!-- note\n/agent fix', '<!-- a -->\n<!--\n\n/agent fix\n-->'],
    meant: '<!-- a note -->\n\n/agent fix',
  }),
];
