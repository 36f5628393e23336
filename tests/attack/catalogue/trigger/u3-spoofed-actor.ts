import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { stepPlace } from '../step-place.ts';
import { triggerRoom } from './trigger-room.ts';

/** What a run carries when somebody pressed "Re-run jobs": the event stays as it was. */
const reRunBy = (login: string) => ({ GITHUB_ACTOR: login, GITHUB_TRIGGERING_ACTOR: login, GITHUB_RUN_ATTEMPT: '2' });

export const reRunByMaintainer: Attack = {
  id: 'U3',
  title: 'a maintainer re-runs the workflow of an outsider’s comment',
  attack: async () => {
    await using room = await triggerRoom();
    using _place = stepPlace(reRunBy('alice'));
    const admission = await room.gate('issue_comment', await room.comment('carol', '/agent fix'));
    return admission.kind === 'admitted'
      ? escaped('whoever pressed the button counted for whoever had asked')
      : contained('the sender of the event is asked about, whoever repeats it');
  },
  twin: async () => {
    await using room = await triggerRoom();
    using _place = stepPlace(reRunBy('alice'));
    const admission = await room.gate('issue_comment', await room.comment('alice', '/agent fix'));
    return admission.kind === 'admitted'
      ? passed('her own comment is heard, again too')
      : hindered(JSON.stringify(admission));
  },
};

export const assuredByPayload: Attack = {
  id: 'U3',
  title: 'a comment whose payload calls its writer an owner',
  attack: async () => {
    await using room = await triggerRoom();
    const payload = await room.comment('carol', '/agent fix');
    const trusted = { login: 'alice', type: 'User', site_admin: true };
    const comment = { ...Object(payload['comment']), user: trusted, author_association: 'OWNER' };
    const admission = await room.gate('issue_comment', { ...payload, comment, actor: trusted });
    return admission.kind === 'admitted'
      ? escaped('the payload’s own word was believed')
      : contained('the permission is GitHub’s answer for the sender');
  },
  twin: async () => {
    await using room = await triggerRoom();
    const payload = await room.comment('alice', '/agent fix');
    const comment = { ...Object(payload['comment']), author_association: 'NONE' };
    const admission = await room.gate('issue_comment', { ...payload, comment });
    return admission.kind === 'admitted' ? passed('whatever it calls her') : hindered(JSON.stringify(admission));
  },
};
