import type { CommandName } from '../command.ts';
import { isAtLeast } from '../permission.ts';
import type { SettingKey, Settings } from '../settings.ts';
import { readWhoEntry } from '../who-may.ts';

/** Commands that make an agent work, and cost money. */
export const workCommands: readonly CommandName[] = ['fix', 'retry', 'plan', 'review', 'test', 'triage'];

/** Where a policy lets somebody in who could not push to the repository. */
export interface Opening {
  readonly key: SettingKey;
  readonly at?: CommandName;
  /** For a sentence: `allow-users (alice)`. */
  readonly what: string;
}

/** Who may start work without write access, as far as the policy itself tells; people and teams that `who` names are its own choice. */
export function openings({ allowUsers, allowedBots, who }: Settings): readonly Opening[] {
  const found: Opening[] = [];
  if (allowUsers.length > 0) found.push({ key: 'allowUsers', what: `allow-users (${few(allowUsers)})` });
  if (allowedBots.length > 0) found.push({ key: 'allowedBots', what: `allowed-bots (${few(allowedBots)})` });
  for (const command of workCommands) {
    const weak = weakest(who[command] ?? []);
    if (weak !== undefined) found.push({ key: 'who', at: command, what: `who.${command} (${weak})` });
  }
  return found;
}

/** On a public repository everybody on GitHub has read access. */
export function openToEverybody({ who }: Pick<Settings, 'who'>, commands: readonly CommandName[]): readonly Opening[] {
  return commands.flatMap((command) =>
    weakest(who[command] ?? []) === 'read' ? [{ key: 'who', at: command, what: `who.${command} (read)` } as const] : [],
  );
}

/** The weakest permission below write that suffices. */
export function weakest(entries: readonly string[]): 'read' | 'triage' | undefined {
  const minimums = entries.flatMap((text) => {
    const entry = readWhoEntry(text);
    return entry?.kind === 'permission' && !isAtLeast(entry.minimum, 'write') ? [entry.minimum] : [];
  });
  if (minimums.includes('read')) return 'read';
  return minimums.includes('triage') ? 'triage' : undefined;
}

function few(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
