import { readTriggerEvent } from '../../adapters/github/trigger-event.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import { bookedSets } from '../../flows/change-set/booked-sets.ts';
import type { DispatchRoom, RepositoryAccess } from '../../flows/dispatch/dispatch-room.ts';
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
  'clock' | 'newId' | 'tasks' | 'runs' | 'claims' | 'budgets' | 'waiting' | 'heard' | 'objects' | 'cursors'
>;

/** The dispatcher's flows over the stores of a stack and GitHub as its App; dispatcher and sweeper work in it. */
export function dispatchRoom({ settings, stores, github, connections, log }: DispatchParts): DispatchRoom {
  const opened = new Map<string, RepositoryAccess>();
  const connect = (repository: RepositoryRef): RepositoryAccess => {
    const name = fullName(repository).toLowerCase();
    const known = opened.get(name);
    if (known !== undefined) return known;
    const { setCopies: copies, ...access } = connections.connect(repository);
    const sets = bookedSets({ cursors: stores.cursors, copies, repository, log });
    opened.set(name, { ...access, sets });
    return { ...access, sets };
  };
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
