import { resolve } from 'node:path';
import { artifactName, type ListedArtifact, type StoredArtifact } from '../../domain/artifact.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import type { CliIo } from '../cli-io.ts';
import { listJson } from '../json-list.ts';
import { checkFields } from '../json-output.ts';
import { ago } from '../moments.ts';
import { type Column, tableText, widthOf } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';
import { noSuchRun } from './no-such-run.ts';
import { inRoom, type RoomFlags } from './store-options.ts';

export interface FileFlags extends RoomFlags {
  readonly out?: string;
  readonly force?: boolean;
}

const listedFields = ['name', 'bytes', 'storedAt'] as const satisfies readonly (keyof ListedArtifact)[];
const fetchedFields = ['name', 'bytes', 'sha256', 'contentType', 'storedAt', 'path'] as const;

export async function listFiles(id: string, flags: RoomFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, listedFields);
  return inRoom(flags, io, async (room) => {
    const files = await filesOf(id, room);
    if (flags.json !== undefined) {
      io.stdout.write(listJson('artifacts', files, { fields: flags.json, facts: { store: room.place, run: id } }));
      return exitCodes.ok;
    }
    if (files.length === 0) io.stderr.write(`no file of run ${terminalLine(id, 200)} is kept in ${room.place}\n`);
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(files, columns(room.clock.now()), { width, paint: io.paintOut }));
    }
    return exitCodes.ok;
  });
}

function columns(now: number): readonly Column<ListedArtifact>[] {
  return [
    { title: 'name', of: ({ name }) => name, grows: true },
    { title: 'bytes', of: ({ bytes }) => String(bytes) },
    { title: 'kept', of: ({ storedAt }) => ago(storedAt, now) },
  ];
}

export interface Wanted {
  readonly id: string;
  /** Undefined: all files of the run. */
  readonly name: string | undefined;
}

export async function downloadFiles({ id, name }: Wanted, flags: FileFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, fetchedFields);
  if (name !== undefined && !artifactName.test(name)) {
    throw new EntropyError({
      code: 'E100',
      message: `"${terminalLine(name, 100)}" is no name of a file of a run`,
      fix: `entropy-playground runs artifacts ${terminalLine(id, 100)} lists what there is`,
    });
  }
  return inRoom(flags, io, async (room) => {
    const { safeFolderName, writeWhole } = await import('../../runtime/write-whole.ts');
    const folder = resolve(io.cwd, flags.out ?? safeFolderName(id));
    const names = name === undefined ? (await filesOf(id, room)).map((file) => file.name) : [name];
    const fetched: (StoredArtifact & { readonly path: string })[] = [];
    for (const wanted of names) {
      const found = await room.artifacts().download(id, wanted, io.signal);
      if (found === undefined) throw noSuchFile(id, wanted, room.place);
      const path = await writeWhole({ folder, name: wanted, body: found.body, over: flags.force === true });
      fetched.push({ ...found.artifact, path });
      if (flags.json === undefined) io.stdout.write(`${path}\n`);
    }
    if (flags.json !== undefined) {
      io.stdout.write(listJson('artifacts', fetched, { fields: flags.json, facts: { store: room.place, run: id } }));
    } else if (fetched.length === 0) {
      io.stderr.write(`no file of run ${terminalLine(id, 200)} is kept in ${room.place}\n`);
    }
    return exitCodes.ok;
  });
}

/** Only names that there are: what a store tells never chooses where a file is written. */
async function filesOf(id: string, room: CoordinationRoom): Promise<readonly ListedArtifact[]> {
  const files = await room.artifacts().list(id);
  if (files === undefined) throw noSuchRun(id, room.place);
  return files.filter(({ name }) => artifactName.test(name));
}

function noSuchFile(id: string, name: string, place: string): EntropyError {
  return new EntropyError({
    code: 'E726',
    message: `run ${terminalLine(id, 200)} has no file ${name} in ${place}`,
    fix: `entropy-playground runs artifacts ${terminalLine(id, 200)} lists what there is`,
  });
}
