import { existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type FileRecord, recordFiles } from '../adapters/filesystem/file-record.ts';
import { type Loan, lendFiles } from '../adapters/filesystem/lend-files.ts';
import { removeFolder } from '../adapters/filesystem/remove-folder.ts';
import { leftOutOf, nothingLeftOut } from '../domain/test-proof.ts';
import type { ProofRoom, ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { LaidOutFiles, Workspace } from '../ports/workspace.ts';
import { openProofSandbox, type TaskRoom } from './sandboxes.ts';

export interface ProofRoomsOptions extends TaskRoom {
  readonly files: Workspace | Promise<Workspace>;
  readonly tempDir: string;
}

/** What set-up left in the workspace, beside the files that git knows, and in the home. */
interface SetUpFiles {
  readonly workspace: FileRecord;
  readonly home: FileRecord | undefined;
}

/** Rooms for tests, on this machine: a folder beside the workspace, in a sandbox of its own. */
export function createProofRooms(options: ProofRoomsOptions): ProofRooms {
  let marked: SetUpFiles | undefined;
  return {
    async mark(signal) {
      const known = await (await options.files).knownFiles(signal);
      const skip = (path: string): boolean => path === '.git' || known.has(path);
      const workspace = await recordFiles({ folder: options.workspace, skip, signal });
      const hasHome = existsSync(options.home);
      const home = hasHome ? await recordFiles({ folder: options.home, skip: () => false, signal }) : undefined;
      marked = { workspace, home };
    },
    async openFresh(signal, files = 'collected') {
      if (marked === undefined) throw new Error('openFresh needs mark first');
      return openFresh({ ...options, laidOut: files }, marked, signal);
    },
    async openOwn(signal) {
      const sandbox = await openProofSandbox(options, signal);
      return { sandbox, leftOut: nothingLeftOut, [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() };
    },
  };
}

interface FreshRoom extends ProofRoomsOptions {
  readonly laidOut: LaidOutFiles;
}

async function openFresh(options: FreshRoom, marked: SetUpFiles, signal: AbortSignal): Promise<ProofRoom> {
  const files = await options.files;
  await using building = new AsyncDisposableStack();
  const folder = await folderBeside(options);
  building.defer(() => removeFolder(folder));
  const places = { workspace: await mkdtemp(join(folder, 'workspace-')), home: join(folder, 'home') };
  await files.layOut(places.workspace, signal, options.laidOut);

  const known = await files.knownFiles(signal);
  const folders = foldersOf(known);
  const skip = (path: string): boolean => path === '.git' || known.has(path);
  const holdsKnown = (path: string): boolean => folders.has(path);
  const lend = async (loan: Promise<Loan>): Promise<readonly string[]> => {
    const { leftOut, giveBack } = await loan;
    building.defer(giveBack);
    return leftOut;
  };
  const record = marked.workspace;
  const here = await lend(lendFiles({ record, to: places.workspace, skip, holdsKnown, signal }));
  const atHome = marked.home === undefined ? [] : await lend(lendHome(marked.home, places.home, signal));
  const leftOut = leftOutOf([...here, ...atHome.map((path) => `~/${path}`)]);

  const hostPath = pathWithin(options, places.workspace);
  const sandbox: Sandbox = building.use(await openProofSandbox({ ...options, ...places, hostPath }, signal));
  const room = building.move();
  return { sandbox, leftOut, [Symbol.asyncDispose]: () => room.disposeAsync() };
}

async function lendHome(record: FileRecord, to: string, signal: AbortSignal): Promise<Loan> {
  await mkdir(to, { mode: 0o700 });
  return lendFiles({ record, to, skip: () => false, holdsKnown: () => false, signal });
}

/** On the file system of the workspace, so that files can be moved instead of copied. */
async function folderBeside({ workspace, tempDir }: ProofRoomsOptions): Promise<string> {
  return mkdtemp(join(dirname(workspace), '.entropy-proof-')).catch(() => mkdtemp(join(tempDir, 'entropy-proof-')));
}

/** A folder of PATH that is in the agent's workspace would be its own programs. */
function pathWithin({ hostPath, workspace }: ProofRoomsOptions, fresh: string): string {
  const root = realpathSync(workspace);
  return hostPath
    .split(':')
    .map((entry) => {
      const real = existsSync(entry) ? realpathSync(entry) : entry;
      const isWithin = real === root || real.startsWith(`${root}${sep}`);
      return isWithin ? `${fresh}${real.slice(root.length)}` : entry;
    })
    .join(':');
}

function foldersOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const folder = file.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
