import type { DispatchRoom } from '../../flows/dispatch/dispatch-room.ts';
import type { AppConnections, AppGitHub } from './app-github.ts';
import type { SettingsOf } from './aws-settings.ts';
import { dispatchRoom } from './dispatch-room.ts';
import type { FunctionLog } from './function-log.ts';
import type { StackStores } from './stack-stores.ts';

/** What those that start runs work with, from one invocation to the next. */
export interface DispatchingParts {
  readonly settings: Pick<SettingsOf<'dispatcher'>, 'githubServerUrl' | 'workflow' | 'runnerRepository'>;
  readonly stores: StackStores;
  readonly github: AppGitHub;
  readonly log: FunctionLog;
}

export interface OpenedRoom {
  readonly room: DispatchRoom;
  readonly connections: AppConnections;
  /** What GitHub said is left of the hour's requests: once, when everything is done. */
  measureLimit(): void;
}

/** The room of one invocation: what it asks of GitHub ends with the signal. */
export function openRoom(parts: DispatchingParts, signal: AbortSignal): OpenedRoom {
  const { github, log } = parts;
  const connections = github.open(signal);
  return {
    connections,
    room: dispatchRoom({ ...parts, connections, log: (line) => log.info(line) }),
    measureLimit: () => {
      const left = connections.limitLeft();
      if (left !== undefined) log.count('GitHubLimitLeft', left);
    },
  };
}
