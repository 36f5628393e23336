import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { readAwsSettings } from '../config.ts';
import { functionAwsAccess } from './aws-access.ts';
import type { DispatchingParts } from './dispatching-parts.ts';
import { openFunctionLog } from './function-log.ts';
import type { InvocationContext } from './invocation.ts';

type Work<Event, Answer> = (event: Event, context: InvocationContext) => Promise<Answer>;

/** Dispatcher and sweeper do the same work and are opened alike, by the settings of their stack. */
export function openDispatching<Event, Answer>(
  name: 'dispatcher' | 'sweeper',
  load: () => Promise<(parts: DispatchingParts) => Work<Event, Answer>>,
): Work<Event, Answer> {
  const settings = readAwsSettings(name);
  const log = openFunctionLog({ name, ...settings });
  const access = functionAwsAccess(createSystemClock());
  // Loaded while the function starts: whoever only loads it, to see that it can be, waits for none of it.
  const opening = open();
  opening.catch(() => {});
  return async (event, context) => (await opening)(event, context);

  async function open(): Promise<Work<Event, Answer>> {
    const [work, { openAppGitHub }, { openStackStores }] = await Promise.all([
      load(),
      import('./app-github.ts'),
      import('./stack-stores.ts'),
    ]);
    const stores = openStackStores(settings, { aws: access });
    const { appId, githubApiUrl: apiUrl, owners } = settings;
    const github = openAppGitHub({ ...stores, appId, apiUrl, owners, log: (line) => log.info(line) });
    return work({ settings, stores, github, log });
  }
}
