import { readTriggerEvent } from '../../adapters/github/trigger-event.ts';
import type { DispatchRoom } from '../../flows/dispatch/dispatch-room.ts';
import { checkedSettings } from '../checked-settings.ts';
import { parseRepositoryConfig } from '../repository-config.ts';
import { version } from '../version.ts';
import { webhookDelivery } from '../webhook-delivery.ts';
import type { AppConnections, AppGitHub } from './app-github.ts';
import type { SettingsOf } from './aws-settings.ts';
import type { StackStores } from './stack-stores.ts';

export interface DispatchParts {
  readonly settings: Pick<SettingsOf<'dispatcher'>, 'githubServerUrl' | 'workflow' | 'runnerRepository'>;
  readonly stores: StackRoomStores;
  readonly github: Pick<AppGitHub, 'covers' | 'installationOf' | 'memory' | 'lookUps'>;
  readonly connections: Pick<AppConnections, 'connect'>;
  readonly log: (line: string) => void;
}

export type StackRoomStores = Pick<
  StackStores,
  'clock' | 'newId' | 'tasks' | 'runs' | 'claims' | 'budgets' | 'waiting' | 'heard' | 'objects'
>;

/** The dispatcher's flows over the stores of a stack and GitHub as its App; dispatcher and sweeper work in it. */
export function dispatchRoom({ settings, stores, github, connections, log }: DispatchParts): DispatchRoom {
  const { connect } = connections;
  const host = new URL(settings.githubServerUrl).host;
  const mirror = webhookDelivery({
    books: stores,
    host,
    connect,
    lookUps: github.lookUps,
    log: ({ text, ...rest }) => log([text, ...Object.values(rest)].join(' ')),
  });
  return {
    ...stores,
    log,
    connect,
    covers: github.covers,
    installationOf: github.installationOf,
    memory: github.memory,
    mirror,
    readTrigger: ({ event, payload }) => readTriggerEvent({ name: event, payload }),
    settingsFrom: async (file, where) =>
      checkedSettings(file === undefined ? [] : [await parseRepositoryConfig(file, where)]).values,
    version,
    started: { workflow: settings.workflow, runnerRepository: settings.runnerRepository },
  };
}
