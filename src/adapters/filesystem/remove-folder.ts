import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

/** Removes a folder in which strangers' code has worked: folders that it made read-only are in nobody's way. */
export async function removeFolder(folder: string): Promise<void> {
  const options = { recursive: true, force: true } as const;
  await rm(folder, options).catch(async () => {
    unlock(folder);
    await rm(folder, options);
  });
}

function unlock(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) unlock(path.join(folder, entry.name));
  }
}
