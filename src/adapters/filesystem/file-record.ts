import { readdirSync, realpathSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type FileIdentity, type IdentityKind, identityKindOf, identityOf } from './file-identity.ts';

/** Which files there were below a folder at one moment, and what they were. Paths are relative to it. */
export interface FileRecord {
  readonly folder: string;
  readonly kind: IdentityKind;
  readonly identities: Map<string, string>;
  /** Names by folder; the top is the empty path. */
  readonly names: Map<string, Set<string>>;
}

export interface RecordRequest {
  readonly folder: string;
  /** Not looked at, nor what is below. */
  readonly skip: (path: string) => boolean;
  readonly signal: AbortSignal;
}

/** The kernel's clock for file times moves in steps of up to 10 ms. */
const clockStepMs = 20;
const mostWaits = 10;

/**
 * Writes down all files below a folder. It comes back only when the clock has left the last of their times of change: whatever
 * is written from then on has another one.
 */
export async function recordFiles({ folder, skip, signal }: RecordRequest): Promise<FileRecord> {
  const root = realpathSync(folder);
  const record: FileRecord = { folder: root, kind: identityKindOf(root), identities: new Map(), names: new Map() };
  const pace = createPace(signal);
  let newest = 0;

  const visit = async (inside: string): Promise<void> => {
    const names = new Set<string>();
    record.names.set(inside, names);
    for (const name of namesIn(`${root}/${inside}`)) {
      const path = below(inside, name);
      if (skip(path)) continue;
      await pace();
      const identity = identityOf(`${root}/${path}`, record.kind);
      if (identity === undefined) continue;
      if (identity.type !== 'folder') newest = Math.max(newest, identity.changedAt);
      names.add(name);
      record.identities.set(path, identity.text);
      if (identity.type === 'folder') await visit(path);
    }
  };
  await visit('');
  for (let waits = 0; Date.now() <= newest + clockStepMs && waits < mostWaits; waits += 1) {
    await setTimeout(clockStepMs, undefined, { signal });
  }
  return record;
}

/** What is at a path now, when it is the very file or folder of the record. */
export function unchanged({ folder, kind, identities }: FileRecord, path: string): FileIdentity | undefined {
  const known = identities.get(path);
  if (known === undefined) return undefined;
  const now = identityOf(`${folder}/${path}`, kind);
  return now?.text === known ? now : undefined;
}

export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Empty for a folder that cannot be read: nothing in it can be vouched for. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const filesAtOnce = 500;

/** Lets others have their turn, and a cancel be heard, among thousands of files. */
export function createPace(signal: AbortSignal): () => Promise<void> {
  let count = 0;
  return async () => {
    count += 1;
    if (count % filesAtOnce !== 0) return;
    signal.throwIfAborted();
    await setImmediate();
  };
}
