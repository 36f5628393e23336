import { chmodSync, cpSync, lstatSync, mkdirSync, realpathSync, renameSync } from 'node:fs';
import path from 'node:path';
import { identityOf } from './file-identity.ts';
import { below, createPace, type FileRecord, namesIn, unchanged } from './file-record.ts';

export interface LendRequest {
  readonly record: FileRecord;
  /** On the same file system as the record's folder, or else all is copied. Holds the known files already. */
  readonly to: string;
  /** Files that are there already, and whatever else is to stay where it is. */
  readonly skip: (path: string) => boolean;
  /** Whether a known file is in this folder or below. */
  readonly holdsKnown: (folder: string) => boolean;
  readonly signal: AbortSignal;
}

export interface Loan {
  /** What stays behind because it is not as it was recorded, or is gone; a folder ends in a slash. */
  readonly leftOut: readonly string[];
  giveBack(): void;
}

/** What is to be done below one folder. */
interface Plan {
  /** Nothing in it is new, changed or gone: it can go as it is. */
  readonly whole: boolean;
  readonly moves: readonly string[];
  /** Folders of which a part goes. */
  readonly folders: readonly string[];
  readonly leftOut: readonly string[];
}

/**
 * Moves what is unchanged since it was recorded into another folder, and later back: a folder of thousands of unchanged files
 * is one rename. Nothing is shared by both places, so whoever writes in one does not write in the other.
 */
export async function lendFiles(request: LendRequest): Promise<Loan> {
  const { record, signal } = request;
  const to = realpathSync(request.to);
  const plan = await planBelow('', { ...request, pace: createPace(signal) });
  for (const folder of plan.folders) mkdirSync(`${to}/${folder}`, { recursive: true });
  const lent: Lent[] = [];
  const giveBack = (): void => {
    for (const item of lent.splice(0).reverse()) returnItem(item, { record, to });
  };
  try {
    for (const item of plan.moves) {
      const moved = move(`${record.folder}/${item}`, `${to}/${item}`);
      if (moved === 'renamed') lent.push({ path: item, identity: identityOf(`${to}/${item}`, record.kind)?.text });
    }
  } catch (error) {
    giveBack();
    throw error;
  }
  return { leftOut: plan.leftOut, giveBack };
}

async function planBelow(folder: string, request: LendRequest & { readonly pace: () => Promise<void> }): Promise<Plan> {
  const { record, skip, holdsKnown, pace } = request;
  const moves: string[] = [];
  const folders: string[] = [];
  const leftOut: string[] = [];
  const gone = new Set(record.names.get(folder));
  let whole = true;
  const add = (plan: Plan): void => {
    whole = false;
    // One after the other: a spread of thousands of items would overflow the stack.
    for (const item of plan.moves) moves.push(item);
    for (const item of plan.folders) folders.push(item);
    for (const item of plan.leftOut) leftOut.push(item);
  };
  for (const name of namesIn(`${record.folder}/${folder}`)) {
    const item = below(folder, name);
    gone.delete(name);
    if (skip(item)) continue;
    await pace();
    const mixed = holdsKnown(item) && isFolder(`${record.folder}/${item}`);
    const same = mixed ? undefined : unchanged(record, item);
    if (mixed) add(await planBelow(item, request));
    else if (same === undefined) {
      leftOut.push(isFolder(`${record.folder}/${item}`) ? `${item}/` : item);
    } else if (same.type === 'folder') {
      const plan = await planBelow(item, request);
      if (plan.whole) moves.push(item);
      else {
        folders.push(item);
        add(plan);
      }
    } else moves.push(item);
  }
  for (const name of gone) if (!skip(below(folder, name))) leftOut.push(below(folder, name));
  return { whole: whole && leftOut.length === 0, moves, folders, leftOut };
}

function isFolder(item: string): boolean {
  return lstatSync(item, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Another file system, or a read-only folder that a rename would have to write to. */
const cannotRename = new Set(['EXDEV', 'EACCES', 'EPERM']);

function move(from: string, to: string): 'renamed' | 'copied' {
  try {
    renameSync(from, to);
    return 'renamed';
  } catch (error) {
    if (!cannotRename.has(codeOf(error))) throw error;
    cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return 'copied';
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

interface Lent {
  readonly path: string;
  /** Right after it was moved, which is a change too. */
  readonly identity: string | undefined;
}

interface Places {
  readonly record: FileRecord;
  readonly to: string;
}

/**
 * Strangers' code has run beside it: what is no longer in its place, or is reached through a link, stays there, and what was
 * changed is recorded no more.
 */
function returnItem(item: Lent, { record, to }: Places): void {
  const [from, back] = [`${to}/${item.path}`, `${record.folder}/${item.path}`];
  const parent = path.dirname(from);
  if (!isReal(parent) || lstatSync(from, { throwIfNoEntry: false }) === undefined) return;
  const same = identityOf(from, record.kind)?.text === item.identity;
  try {
    renameSync(from, back);
  } catch (error) {
    if (codeOf(error) !== 'EACCES' || !isFolder(from)) throw error;
    chmodSync(from, 0o700);
    renameSync(from, back);
  }
  const identity = same ? identityOf(back, record.kind)?.text : undefined;
  if (identity === undefined) record.identities.delete(item.path);
  else record.identities.set(item.path, identity);
}

function isReal(folder: string): boolean {
  try {
    return realpathSync(folder) === folder;
  } catch {
    // Gone, or no longer a folder.
    return false;
  }
}
