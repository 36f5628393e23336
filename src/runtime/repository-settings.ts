import type { SettingsLayer } from '../domain/settings.ts';
import type { Gate } from '../flows/gate.ts';
import { checkedSettings } from './checked-settings.ts';
import { parseRepositoryConfig } from './repository-config.ts';

/** Reads a repository's file with these laid over it, `below` under it. Throws E101 for what is wrong with either. */
export function settingsOver(
  over: readonly SettingsLayer[],
  below: readonly SettingsLayer[] = [],
): Gate['settingsFrom'] {
  return async (file, where) => {
    const own = file === undefined ? [] : [await parseRepositoryConfig(file, where)];
    return checkedSettings([...below, ...own, ...over]).values;
  };
}
