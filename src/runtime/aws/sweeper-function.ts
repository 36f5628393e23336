import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { readAwsSettings } from '../config.ts';
import { functionAwsAccess } from './aws-access.ts';
import { openFunctionLog } from './function-log.ts';
import type { SweeperFunction } from './sweeper-work.ts';

/** The function of every minute, by the settings of its stack. */
export function openSweeperFunction(): SweeperFunction {
  const settings = readAwsSettings('sweeper');
  const log = openFunctionLog({ name: 'sweeper', ...settings });
  const access = functionAwsAccess(createSystemClock());
  // Loaded while the function starts: whoever only loads it, to see that it can be, waits for none of it.
  const opening = open();
  opening.catch(() => {});
  return async (event, context) => (await opening)(event, context);

  async function open(): Promise<SweeperFunction> {
    const [{ sweeperFunction }, { openAppGitHub }, { openStackStores }] = await Promise.all([
      import('./sweeper-work.ts'),
      import('./app-github.ts'),
      import('./stack-stores.ts'),
    ]);
    const stores = openStackStores(settings, { aws: access });
    const { appId, githubApiUrl: apiUrl } = settings;
    const github = openAppGitHub({ ...stores, appId, apiUrl, log: (line) => log.info(line) });
    return sweeperFunction({ settings, stores, github, log });
  }
}
