import type { Actor } from '../../../src/domain/actor-policy.ts';
import { commandNames } from '../../../src/domain/command.ts';
import type { Permission } from '../../../src/domain/permission.ts';
import type { Settings } from '../../../src/domain/settings.ts';

/** Everybody who may write under an issue, by what they may do in the repository and what its policy says of them. */
export interface CommandActor {
  readonly name: string;
  readonly actor: Actor;
  /** GitHub's word; undefined for bots, about whom nobody asks. */
  readonly permission: Permission | undefined;
  readonly settings?: Partial<Settings>;
}

const person = (name: string, login: string, permission: Permission): CommandActor => ({
  name,
  actor: { login, kind: 'user' },
  permission,
});

const bot = (name: string, login: string): CommandActor => ({
  name,
  actor: { login, kind: 'bot' },
  permission: undefined,
});

export const issueAuthor = 'dave';

export const commandActors: readonly CommandActor[] = [
  person('nobody’s', 'mallory', 'none'),
  person('read', 'carol', 'read'),
  person('the author, read', issueAuthor, 'read'),
  person('triage', 'tess', 'triage'),
  person('write', 'bob', 'write'),
  person('maintain', 'mike', 'maintain'),
  person('admin', 'alice', 'admin'),
  { ...person('in `allow-users`', 'lena', 'read'), settings: { allowUsers: ['lena'] } },
  {
    ...person('named in `who`', 'nora', 'read'),
    settings: { who: Object.fromEntries(commandNames.map((name) => [name, ['write', 'nora']])) },
  },
  bot('a bot', 'dependabot[bot]'),
  { ...bot('in `allowed-bots`', 'renovate[bot]'), settings: { allowedBots: ['renovate[bot]'] } },
];

export const whoMayWrite = 'write';
