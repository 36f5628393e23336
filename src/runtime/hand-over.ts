import { createHash } from 'node:crypto';
import { constants, readFileSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EntropyError } from '../domain/error.ts';
import { type FaultNote, parseFaultNote } from '../domain/fault-note.ts';
import type { Task } from '../domain/task.ts';

/** The files that go from job to job; docs/architecture.md, "One run, by process". */
export const handOverFiles = {
  task: 'task.json',
  result: 'result.json',
  trajectory: 'trajectory.jsonl',
  fault: 'fault.json',
} as const;

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes task.json and says where it is and what its bytes hash to; the hash travels apart from the file. */
export async function writeTask(folder: string, task: Task): Promise<{ path: string; sha256: string }> {
  const text = taskText(task);
  return { path: await writeTaskText(folder, text), sha256: sha256Hex(text) };
}

/** task.json as it is written, byte for byte. */
export function taskText(task: Task): string {
  return `${JSON.stringify(task, null, 2)}\n`;
}

/** Writes what somebody else made of a task; where it is. */
export async function writeTaskText(folder: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, handOverFiles.task);
  await writeFile(path, text);
  return path;
}

/**
 * Reads task.json and refuses it (E603) unless its bytes are the ones that the gate wrote. The hash proves where the
 * file comes from, so its content needs no further check.
 */
export async function readTask(path: string, expectedSha256: string): Promise<Task> {
  const bytes = readNow(path);
  const actual = sha256Hex(bytes);
  if (actual !== expectedSha256) {
    throw new EntropyError({
      code: 'E603',
      message: `the task at ${path} is not the one that the gate approved: its SHA-256 is ${actual}, not ${expectedSha256}`,
      fix: 'start the run again; if it happens twice, something in the agent job replaces the artifact entropy-task',
    });
  }
  return JSON.parse(bytes.toString('utf8')) as Task;
}

/** Not asynchronous: at the start of a process, a thread for it costs more than the call. */
function readNow(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new EntropyError({
      code: 'E603',
      message: `cannot read the task at ${path}`,
      fix: 'download the artifact entropy-task before this step, as .github/workflows/agent.yml does',
      cause,
    });
  }
}

/** The agent's hand-over as it is: untrusted JSON, or undefined when the job left none. */
export async function readResult(folder: string): Promise<unknown> {
  const path = join(folder, handOverFiles.result);
  const text = (await readIfThere(path))?.toString('utf8');
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EntropyError({
      code: 'E603',
      message: `${path} is not JSON (${text.length} characters)`,
      fix: 'look at the log of the agent job: it ended while it wrote its result; /agent retry starts anew',
      cause,
    });
  }
}

/** Left by an agent job that ends without a result, so that the issue can be told why. */
export async function writeFault(folder: string, note: FaultNote): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, handOverFiles.fault), `${JSON.stringify(note)}\n`);
}

export async function readFault(folder: string): Promise<FaultNote | undefined> {
  const bytes = await readIfThere(join(folder, handOverFiles.fault));
  return bytes === undefined ? undefined : parseFaultNote(bytes.toString('utf8'));
}

/** What the agent recorded of its work, as bytes; undefined when the job ended before there was anything to record. */
export function readTrajectoryBytes(folder: string): Promise<Buffer | undefined> {
  return readIfThere(join(folder, handOverFiles.trajectory));
}

/**
 * Far above what an honest agent leaves: its patch has 16 MiB at most. Another job made the file, and may have been taken
 * over: neither a flood nor what a link names is read.
 */
const maxFileBytes = 128 * 1024 * 1024;

async function readIfThere(path: string): Promise<Buffer | undefined> {
  // A pipe in the place of a file would be waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error.code === 'ELOOP' ? unusual(path, 'is a link') : error;
    },
  );
  if (file === undefined) return undefined;
  await using _ = file;
  const about = await file.stat();
  if (!about.isFile()) throw unusual(path, 'is no file');
  if (about.size > maxFileBytes) throw unusual(path, `has ${about.size} bytes; ${maxFileBytes} are read`);
  return await file.readFile();
}

function unusual(path: string, what: string): EntropyError {
  return new EntropyError({
    code: 'E603',
    message: `${path} ${what}`,
    fix: 'look at the log of the agent job: no agent leaves such a file; /agent retry starts anew',
  });
}
