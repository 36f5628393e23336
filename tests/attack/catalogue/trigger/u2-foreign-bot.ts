import { admitted, heldScene } from '../../../fakes/held-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { triggerRoom } from './trigger-room.ts';

/** As an App that somebody installed on the repository sends it; `type` is what servers drop now and then. */
const senders = [
  { login: 'evil-helper[bot]', type: 'Bot' },
  { login: 'evil-helper[bot]' },
  { login: 'EVIL', type: 'Bot' },
];

export const foreignBot: Attack = {
  id: 'U2',
  title: 'an App that nobody listed comments /agent fix',
  attack: async () => {
    await using room = await triggerRoom('allowed-bots: ["renovate[bot]"]\n');
    const payload = await room.comment('alice', '/agent fix');
    for (const sender of senders) {
      const admission = await room.gate('issue_comment', { ...payload, sender });
      if (admission.kind !== 'ignored') return escaped(`${sender.login} was answered: ${admission.kind}`);
    }
    const { claimed, written } = await room.left();
    return claimed || written > 0 ? escaped('a bot was answered') : contained('bots are heard by their names only');
  },
  twin: async () => {
    await using room = await triggerRoom('allowed-bots: ["renovate[bot]"]\n');
    const payload = await room.comment('alice', '/agent fix');
    const sender = { login: 'renovate[bot]', type: 'Bot' };
    const admission = await room.gate('issue_comment', { ...payload, sender });
    return admission.kind === 'admitted'
      ? passed('a bot that is listed starts one')
      : hindered(JSON.stringify(admission));
  },
};

export const botApproves: Attack = {
  id: 'U2',
  title: 'a bot that may start agents approves what they made',
  attack: async () => {
    const scene = await heldScene(undefined, { settings: { allowedBots: ['robin[bot]'] } });
    const admission = await scene.say('robin[bot]', `/agent approve ${scene.plan}`, 'bot');
    return admission.kind === 'ignored'
      ? contained('what waits for a person is for people')
      : escaped(`a bot's approval was ${admission.kind}`);
  },
  twin: async () => {
    const scene = await heldScene(undefined, { settings: { allowedBots: ['robin[bot]'] } });
    const task = admitted(await scene.say('alice', `/agent approve ${scene.plan}`));
    return task.approved?.by === 'alice' ? passed('a person approves it') : hindered('nobody is named');
  },
};
