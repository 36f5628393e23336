import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const comments = 12;

/** What so many comments of a stranger cost of the requests to GitHub that all agents share, and whether a maintainer is heard then. */
async function flood(body: (at: number) => string, signal: AbortSignal, config?: string) {
  await using scene = await dispatchScene();
  if (config !== undefined) await scene.github.commit('main', { '.github/entropy.yml': config });
  const issue = await scene.openIssue();
  const before = scene.github.exchanges.length;
  for (let at = 0; at < comments; at += 1) {
    scene.clock.advance(1_000);
    const delivery = await scene.comment(issue, body(at), scene.github.tokens.carol);
    await takeDelivery(scene.room(), delivery, message, signal);
  }
  const requests = scene.github.exchanges.length - before - comments;
  const permitted = await scene.comment(issue, '/agent fix');
  const heard = await takeDelivery(scene.room(), permitted, message, signal);
  return { requests, heard: 'what' in heard ? heard.what : heard.kind };
}

export const manyComments: Attack = {
  id: 'D3',
  title: 'a stranger writes comment after comment, with commands and without',
  attack: async (signal) => {
    const chatter = await flood((at) => `so say I, for the ${at}. time`, signal);
    if (chatter.requests > 15)
      return escaped(`${comments} comments without a command took ${chatter.requests} requests`);
    const commands = await flood((at) => `/agent fix ${at}`, signal);
    if (commands.requests > 50) return escaped(`${comments} refused commands took ${commands.requests} requests`);
    return contained(`${chatter.requests} and ${commands.requests} requests for ${comments} comments each`);
  },
  twin: async (signal) => {
    const { heard } = await flood((at) => `/agent fix ${at}`, signal);
    return heard === 'started' ? passed('a maintainer is heard in the middle of it') : hindered(heard);
  },
};

export const manyNoAnswers: Attack = {
  id: 'D3',
  title: 'the same where a repository has teams, and each comment could be an answer',
  attack: async (signal) => {
    const chatter = await flood((at) => `so say I, for the ${at}. time`, signal, teams);
    return chatter.requests > 60
      ? escaped(`${comments} comments without a command took ${chatter.requests} requests`)
      : contained(`${chatter.requests} requests for ${comments} comments`);
  },
  twin: async (signal) => {
    const { heard } = await flood((at) => `so say I, for the ${at}. time`, signal, teams);
    return heard === 'started' ? passed('a maintainer is heard in the middle of it') : hindered(heard);
  },
};

const teams = 'team:\n  stages: [read, code]\n';

export const manyRefusals: Attack = {
  id: 'D3',
  title: 'a stranger has the issue filled with our refusals',
  attack: async () => {
    const at = gateFixture();
    for (let turn = 0; turn < 100; turn += 1) await at.admit(at.commentEvent('/agent fix', 'carol'));
    const answers = at.written().length;
    return answers === 1 ? contained('it is said once on each issue') : escaped(`${answers} answers to 100 comments`);
  },
  twin: async () => {
    const at = gateFixture();
    const admission = await at.admit(at.commentEvent('/agent fix', 'alice'));
    return admission.kind === 'admitted' ? passed('who may is admitted') : hindered(admission.kind);
  },
};
