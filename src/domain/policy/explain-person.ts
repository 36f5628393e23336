import { type Actor, decideActor, isBot } from '../actor-policy.ts';
import { type CommandName, commandNames } from '../command.ts';
import { type Permission, permissions } from '../permission.ts';
import type { SettingKey, Settings } from '../settings.ts';
import { readWhoEntry } from '../who-may.ts';

/** Whether somebody may give one command, as far as the policy alone can tell. */
export interface PersonVerdict {
  readonly command: CommandName;
  readonly may:
    | { readonly kind: 'always'; readonly because: 'named' | 'listed' }
    /** From this permission on. */
    | { readonly kind: 'from'; readonly permission: Permission }
    | { readonly kind: 'never' };
  /** Members of any of these may besides. */
  readonly teams: readonly string[];
  /** Where the rule stands; undefined: it is the rule of all commands that no file names. */
  readonly setting: SettingKey | undefined;
}

/** What `who` says of a team: whether membership suffices for a command. Members may have a right of their own besides. */
export interface TeamVerdict {
  readonly command: CommandName;
  readonly named: boolean;
}

export function explainTeam(team: string, { who }: Pick<Settings, 'who'>): readonly TeamVerdict[] {
  const wanted = team.toLowerCase();
  return commandNames.map((command) => {
    const entries = (who[command] ?? []).map(readWhoEntry);
    const named = entries.some(
      (entry) => entry?.kind === 'team' && `${entry.org}/${entry.slug}`.toLowerCase() === wanted,
    );
    return { command, named };
  });
}

/** What the policy says about a login, command by command: the very decision of the gate, asked for each permission. */
export function explainPerson(
  login: string,
  { who, allowUsers, allowedBots }: Pick<Settings, 'who' | 'allowUsers' | 'allowedBots'>,
): readonly PersonVerdict[] {
  const actor: Actor = { login, kind: login.endsWith('[bot]') ? 'bot' : 'user' };
  return commandNames.map((command) => {
    const decide = (permission: Permission) =>
      decideActor(actor, permission, { command, who, allowUsers, allowedBots });
    const least = decide('none');
    const teams = least.kind === 'members-of' ? least.teams.map(({ org, slug }) => `${org}/${slug}`) : [];
    const written = who[command] === undefined ? undefined : 'who';
    const told = { command, teams, setting: written } as const;
    if (least.kind === 'allowed') {
      const because = least.because === 'listed' ? 'listed' : 'named';
      const listedIn = isBot(actor) ? 'allowedBots' : 'allowUsers';
      return { ...told, may: { kind: 'always', because }, setting: because === 'listed' ? listedIn : 'who' };
    }
    const from = permissions.find((permission) => decide(permission).kind === 'allowed');
    return { ...told, may: from === undefined ? { kind: 'never' } : { kind: 'from', permission: from } };
  });
}
