import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { answered } from './d1-hungry-worker.ts';

export const dearerModel: Attack = {
  id: 'D6',
  title: 'a worker asks for another model than the run’s, or for a dearer way to be answered',
  attack: async () => {
    const ways: readonly object[] = [
      { model: 'claude-fable-5' },
      { service_tier: 'priority' },
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
    ];
    for (const way of ways) {
      if ((await answered(1, {}, way)) > 0) return escaped(`answered: ${JSON.stringify(way)}`);
    }
    return contained('only plain requests for the run’s own model are passed on');
  },
  twin: async () =>
    (await answered(1, {})) === 1 ? passed('the run’s own model answers') : hindered('it was refused'),
};

/** Who may start agents asks for a model. */
async function ask(command: string) {
  const at = gateFixture({ settings: { model: 'anthropic:claude-haiku-4-5', allowedModels: ['*haiku*'] } as never });
  return await at.admit(at.commentEvent(command, 'bob'));
}

export const modelOfThePerson: Attack = {
  id: 'D6',
  title: 'a command names a model that the repository does not pay for',
  attack: async () => {
    const admission = await ask('/agent fix --model anthropic:claude-opus-5-5');
    return admission.kind === 'admitted'
      ? escaped(`started with ${admission.task.agent.model}`)
      : contained(admission.kind);
  },
  twin: async () => {
    const admission = await ask('/agent fix --model anthropic:claude-haiku-4-5');
    return admission.kind === 'admitted' ? passed('an allowed model is taken') : hindered(JSON.stringify(admission));
  },
};
