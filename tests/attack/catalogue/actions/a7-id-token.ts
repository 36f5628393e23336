import { type Attack, contained, escaped } from '../attack.ts';
import { seesItsOwn } from './a4-cache-poisoning.ts';
import { seenInside } from './runner-variables.ts';

/** With these a process gets a signed word of GitHub’s that it is this job, which clouds take for a log-in. */
const identity = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.actions.test/q5?api-version=2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: ['eyJhbGciOiJSUzI1NiJ9', 'aWRlbnRpdHk', 'm4Tz8Lp2Vq6Wn3Rb9Yc7'].join('.'),
};

export const idToken: Attack = {
  id: 'A7',
  title: 'a command that asks for the job’s ID token, where a maintainer gave the job `id-token: write`',
  async attack() {
    const seen = await seenInside(identity);
    for (const [place, text] of Object.entries(seen)) {
      const found = Object.entries(identity).find(([, value]) => text.includes(value));
      if (found !== undefined) return escaped(`the ${place} sees ${found[0]}`);
    }
    return contained('neither the agent’s process nor its commands have address or token');
  },
  twin: seesItsOwn,
};
