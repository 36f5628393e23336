import { admitted, heldScene } from '../../../fakes/held-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { triggerRoom } from './trigger-room.ts';

export const outsiderComments: Attack = {
  id: 'U1',
  title: 'somebody who may only read comments /agent fix',
  attack: async () => {
    await using room = await triggerRoom();
    const admission = await room.gate('issue_comment', await room.comment('carol', '/agent fix'));
    const { claimed } = await room.left();
    if (admission.kind === 'admitted' || claimed) return escaped('an agent was sent for an outsider');
    return contained(
      'GitHub was asked for the permission of the sender; no task, so no job that has a key or may write',
    );
  },
  twin: async () => {
    await using room = await triggerRoom();
    const admission = await room.gate('issue_comment', await room.comment('alice', '/agent fix'));
    return admission.kind === 'admitted' ? passed('an admin starts an agent') : hindered(JSON.stringify(admission));
  },
};

export const outsiderApproves: Attack = {
  id: 'U1',
  title: 'somebody who was let in to ask for work approves what came of it',
  attack: async () => {
    const scene = await heldScene();
    const admission = await scene.say('dora', `/agent approve ${scene.plan}`);
    return admission.kind === 'admitted'
      ? escaped('allow-users was enough to approve')
      : contained('to approve takes the right to write, not a place on a list');
  },
  twin: async () => {
    const scene = await heldScene();
    const report = await scene.publishApproved(admitted(await scene.say('bob', `/agent approve ${scene.plan}`)));
    return report.outcome === 'succeeded' ? passed('bob, who may write, approves it') : hindered(report.reason);
  },
};
