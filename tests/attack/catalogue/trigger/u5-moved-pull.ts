import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

async function labelled(pushed: boolean) {
  const at = gateFixture();
  const pull = at.openPull({ branch: 'patch-1', fromFork: true });
  const issue = at.pullInEvent(pull);
  const before = at.forge.pulls.find(({ number }) => number === pull);
  if (pushed && before !== undefined) {
    at.forge.pulls.splice(at.forge.pulls.indexOf(before), 1, {
      ...before,
      headSha: at.forge.git.branches.get('main') ?? '',
    });
  }
  return at.admit({ kind: 'label', issue, label: 'agent:tester', sender: { login: 'alice', kind: 'user' } });
}

export const pushedAfterLabel: Attack = {
  id: 'U5',
  title: 'a fork pushes other code after a maintainer has asked for a look at it',
  attack: async () => {
    const admission = await labelled(true);
    return admission.kind === 'admitted'
      ? escaped('code is run that nobody had seen')
      : contained('the commit that the label was put on counts');
  },
  twin: async () => {
    const admission = await labelled(false);
    return admission.kind === 'admitted' ? passed('what was seen is looked at') : hindered(JSON.stringify(admission));
  },
};
