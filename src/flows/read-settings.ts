import { EntropyError } from '../domain/error.ts';
import type { Settings } from '../domain/settings.ts';
import { type Gate, settingsPath } from './gate.ts';

/** The file's settings; when it is broken, those without it, which still tell whether anybody asked for anything. */
export async function readSettings(
  { forge, settingsFrom }: Pick<Gate, 'forge' | 'settingsFrom'>,
  head: string | undefined,
  branch: string,
): Promise<{ readonly settings: Settings; readonly problem?: EntropyError }> {
  const where = `${settingsPath} at ${branch}`;
  const file = head === undefined ? undefined : await forge.file(settingsPath, head);
  try {
    return { settings: await settingsFrom(file, where) };
  } catch (error) {
    const broken = error instanceof EntropyError && error.code === 'E101' && file !== undefined;
    if (!broken) throw error;
    return { settings: await settingsFrom(undefined, where), problem: error };
  }
}

/** The settings of the default branch as they are now; read once, when somebody wants to know them. */
export function settingsOnce(from: Pick<Gate, 'forge' | 'settingsFrom'>): () => Promise<Settings> {
  let known: Promise<Settings> | undefined;
  return () => {
    known ??= currentSettings(from);
    return known;
  };
}

async function currentSettings(from: Pick<Gate, 'forge' | 'settingsFrom'>): Promise<Settings> {
  const branch = await from.forge.defaultBranch();
  return (await readSettings(from, await from.forge.branchHead(branch), branch)).settings;
}
