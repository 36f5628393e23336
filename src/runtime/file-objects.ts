import path from 'node:path';
import { createFolderObjectStore } from '../adapters/filesystem/folder-object-store.ts';
import { openTokenSecret } from '../adapters/filesystem/object-tokens.ts';
import { createObjectTransfers } from '../adapters/filesystem/object-transfers.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { ObjectTransfers } from '../ports/object-transfers.ts';

/** Where files of runs lie beside a state file; undefined for a state that is in memory only. */
export function objectFolderOf(stateFile: string): string | undefined {
  return stateFile === ':memory:' ? undefined : `${stateFile}.objects`;
}

export interface FileObjects {
  readonly objects?: ObjectStore;
  readonly transfers?: ObjectTransfers;
}

/** The folder beside the state file, with addresses that its coordinator serves. They stay good when it is started anew. */
export async function openFileObjects(stateFile: string, clock: Clock): Promise<FileObjects> {
  const folder = objectFolderOf(stateFile);
  if (folder === undefined) return {};
  // Paths only: under which address callers reach the coordinator they know themselves.
  const tokens = { secret: await openTokenSecret(path.join(folder, 'address-secret')), baseUrl: () => '' };
  const objects = createFolderObjectStore({ folder, clock, tokens });
  return { objects, transfers: createObjectTransfers({ store: objects, tokens, clock }) };
}
