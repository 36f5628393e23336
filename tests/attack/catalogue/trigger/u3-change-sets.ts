import { sweepChangeSets } from '../../../../src/flows/change-set/sweep-change-sets.ts';
import type { DispatchRoom } from '../../../../src/flows/dispatch/dispatch-room.ts';
import { openAppGitHub } from '../../../../src/runtime/aws/app-github.ts';
import { type ChangeSetScene, changeSetScene } from '../../../fakes/change-set-scene.ts';
import { dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { forgeChangeSet } from '../../../fakes/forged-change-set.ts';
import { memorySealedTokens, reversingSealer } from '../../../fakes/memory-sealed-tokens.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const slug = { owner: 'octo', name: 'slug' };
const line = 'Repositories: app';

/** Issues of octo/app, where whoever attacks may not write. */
async function issuesThere({ scene }: ChangeSetScene): Promise<number> {
  const { ask, tokens } = scene.github;
  return (await ask('GET', '/repos/octo/app/issues?state=all', { token: tokens.octo })).json.length;
}

export const forgedSet: Attack = {
  id: 'U3',
  title: 'somebody who may push to one repository writes there that another person asked for a change in a second one',
  attack: async (signal) => {
    await using at = await changeSetScene();
    const issue = await at.open(line);
    await forgeChangeSet(at, issue, { askedBy: 'octo', members: ['octo/app'] });
    await sweepChangeSets(at.scene.room(), slug, { signal, isTimeUp: () => false });
    return (await issuesThere(at)) > 0
      ? escaped('a record that anybody with write access can push opened an issue elsewhere')
      : contained('what is believed lies in the books of the deployment, not in the repository');
  },
  twin: async () => {
    await using at = await changeSetScene();
    await at.ask(line);
    return (await issuesThere(at)) === 1
      ? passed('who asks for it, and may, has it begun')
      : hindered('no issue was opened in octo/app');
  },
};

/** GitHub says for a first time that alice may write in octo/app, and then this. */
function laterSaying(room: DispatchRoom, permission: 'write' | 'read'): DispatchRoom {
  let asked = 0;
  const permissionOf = async () => {
    asked += 1;
    return asked === 1 ? 'write' : permission;
  };
  return {
    ...room,
    connect: (place) => {
      const access = room.connect(place);
      return place.name === 'app' ? { ...access, forge: { ...access.forge, permissionOf } } : access;
    },
  };
}

async function askedBySomebodyWho(permission: 'write' | 'read'): Promise<number> {
  await using at = await changeSetScene();
  await at.ask(line, laterSaying(at.scene.room(), permission));
  return await issuesThere(at);
}

export const revokedSet: Attack = {
  id: 'U3',
  title: 'a change in several repositories goes on for somebody who may not write in one of them any more',
  attack: async () =>
    (await askedBySomebodyWho('read')) > 0
      ? escaped('an issue was opened for a right that is gone')
      : contained('GitHub is asked again before anything is done there'),
  twin: async () =>
    (await askedBySomebodyWho('write')) === 1
      ? passed('whoever still may has it begun')
      : hindered('no issue was opened in octo/app'),
};

/** The repositories that a stack for this owner sweeps, of an App that octo installed. */
async function sweptBy(login: string): Promise<number> {
  await using scene = await dispatchScene();
  const { app } = openAppGitHub({
    ...{ appId: 77, apiUrl: scene.github.github.apiUrl, key: scene.key, clock: scene.clock, newId: () => 'id' },
    ...{ tokens: memorySealedTokens(), sealer: reversingSealer(), log: () => undefined },
    owners: [{ login }],
  });
  let found = 0;
  for await (const { id } of app.installations()) for await (const _ of app.repositoriesOf(id)) found += 1;
  return (await app.installationOf(slug)) === undefined ? found : found + 1;
}

export const foreignInstallation: Attack = {
  id: 'U1',
  title: 'a stranger installs an App that was made public, so that the stack looks after their repositories',
  attack: async () =>
    (await sweptBy('acme')) > 0
      ? escaped('an installation of somebody else is worked for')
      : contained('only installations of the owners that the stack works for count'),
  twin: async () =>
    (await sweptBy('octo')) > 1 ? passed('the owner’s own are found') : hindered('its own installation is not found'),
};
