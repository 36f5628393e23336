import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { readAwsSettings } from '../config.ts';
import { functionAwsAccess } from './aws-access.ts';
import type { DispatcherFunction } from './dispatcher-work.ts';
import { openFunctionLog } from './function-log.ts';

/** The function behind the queue, by the settings of its stack. */
export function openDispatcherFunction(): DispatcherFunction {
  const settings = readAwsSettings('dispatcher');
  const log = openFunctionLog({ name: 'dispatcher', ...settings });
  const access = functionAwsAccess(createSystemClock());
  // Loaded while the function starts: whoever only loads it, to see that it can be, waits for none of it.
  const opening = open();
  opening.catch(() => {});
  return async (event, context) => (await opening)(event, context);

  async function open(): Promise<DispatcherFunction> {
    const [{ dispatcherFunction }, { openAppGitHub }, { openStackStores }] = await Promise.all([
      import('./dispatcher-work.ts'),
      import('./app-github.ts'),
      import('./stack-stores.ts'),
    ]);
    const stores = openStackStores(settings, { aws: access });
    const { appId, githubApiUrl: apiUrl } = settings;
    const github = openAppGitHub({ ...stores, appId, apiUrl, log: (line) => log.info(line) });
    return dispatcherFunction({ settings, stores, github, log });
  }
}
