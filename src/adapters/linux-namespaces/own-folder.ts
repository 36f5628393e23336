import { existsSync, mkdtempSync, readdirSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'entropy-sandbox-';

/**
 * A folder for one sandbox, named for the process that owns it. Process numbers mean something only within one process
 * namespace, and containers may share a temporary folder, so the name holds both.
 */
export function makeOwnFolder(): string {
  return mkdtempSync(join(tmpdir(), `${prefix}${processNamespace()}-${process.pid}-`));
}

/** Removes a sandbox's folder, and those that killed processes of this user left behind. */
export async function removeOwnFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(`${prefix}${processNamespace()}-`) ? name.split('-')[3] : undefined;
    const abandoned = owner !== undefined && /^\d+$/.test(owner) && !existsSync(`/proc/${owner}`);
    // Another user's is not ours to remove, and no reason to fail.
    if (abandoned) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** `pid:[4026531836]` → `4026531836` */
function processNamespace(): string {
  return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
}
