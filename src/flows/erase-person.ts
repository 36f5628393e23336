import { createHmac } from 'node:crypto';
import { isObject } from '../domain/json-shape.ts';
import { concerns, type Erasure, erasedData } from '../domain/person/erased-data.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { PersonalRecord, PersonalRecords } from '../ports/personal-records.ts';
import type { WaitingList } from '../ports/waiting-list.ts';
import { archivedTraces, type KeptObject, removeArtifacts } from './person-files.ts';
import { assertLogin } from './person-login.ts';

export interface ErasureRoom {
  readonly records: PersonalRecords;
  readonly waiting: Pick<WaitingList, 'leave'>;
  /** Archived activity, which nobody may change. */
  readonly audit: ObjectStore;
  /** Files of runs. */
  readonly artifacts: ObjectStore;
}

export interface ErasureReport {
  /** What stands for the person from now on: `erased-0123456789abcdef`. */
  readonly pseudonym: string;
  /** How many records of each kind no longer name the person. */
  readonly changed: Readonly<Record<string, number>>;
  /** Requests of the person that stood in line for a budget and were taken out of it. */
  readonly withdrawn: number;
  /** Versions of files of runs about the person's own issues. */
  readonly removedFiles: number;
  /** What stays, and until when somebody keeps it from being removed. */
  readonly kept: readonly KeptObject[];
  /** `late`: the log had not told all changes yet; erase again, or the newest of them name the person. */
  readonly log: 'told' | 'late';
}

/** A record that others keep writing is read again this often; then the next erasure has it. */
const mostRounds = 5;

/**
 * Takes a person out of everything that is stored: names become a pseudonym, texts of their own issues go, in the records and
 * in the events that they are the sum of, alike. What the stream still had to tell is waited for and gone through as well. It
 * may be ended anywhere and done again: a pseudonym is the same every time.
 */
export async function erasePerson(room: ErasureRoom, login: string, signal: AbortSignal): Promise<ErasureReport> {
  assertLogin(login);
  const erasure = { login, pseudonym: pseudonymOf(login, await room.records.pseudonymKey()) };
  const found: Found = { changed: new Map(), withdrawn: 0, ownTasks: new Set(), taskOfRun: new Map() };
  await eraseRecords(room, erasure, { found, signal });
  const log = await room.records.untilTold(signal);
  await eraseRecords(room, erasure, { found, signal });
  const ownRuns = [...found.taskOfRun].flatMap(([run, task]) => (found.ownTasks.has(task) ? [run] : []));
  const files = await removeArtifacts(room.artifacts, new Set(ownRuns), signal);
  const archived = await archivedTraces(room.audit, login, signal);
  return {
    pseudonym: erasure.pseudonym,
    changed: Object.fromEntries([...found.changed].sort(([a], [b]) => (a < b ? -1 : 1))),
    withdrawn: found.withdrawn,
    removedFiles: files.removed,
    kept: [...files.kept, ...archived],
    log,
  };
}

interface Found {
  readonly changed: Map<string, number>;
  withdrawn: number;
  /** Keys of the person's own issues. */
  readonly ownTasks: Set<string>;
  readonly taskOfRun: Map<string, string>;
}

async function eraseRecords(
  { records, waiting }: ErasureRoom,
  erasure: Erasure,
  { found, signal }: { readonly found: Found; readonly signal: AbortSignal },
): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    let again = false;
    for await (const record of records.all()) {
      signal.throwIfAborted();
      note(record, erasure, found);
      if (!concerns(record.data, erasure.login)) continue;
      if (isOwnRequest(record, erasure.login)) {
        if (await waiting.leave(record.name)) found.withdrawn += 1;
        continue;
      }
      const outcome = await records.replace(record, erasedObject(record.data, erasure));
      if (outcome === 'changed') again = true;
      else found.changed.set(record.kind, (found.changed.get(record.kind) ?? 0) + 1);
    }
    if (!again) return;
  }
}

/** Also what an erasure before this one renamed, so that files which were left then go now. */
function note({ kind, name, data }: PersonalRecord, { login, pseudonym }: Erasure, found: Found): void {
  const stored = isObject(data['record']) ? data['record'] : {};
  const issue = isObject(stored['issue']) ? stored['issue'] : {};
  const author = String(issue['author'] ?? '').toLowerCase();
  if (kind === 'task' && (author === login.toLowerCase() || author === pseudonym)) found.ownTasks.add(name);
  if (kind === 'run') found.taskOfRun.set(name, String(stored['task']));
}

function erasedObject(data: PersonalRecord['data'], erasure: Erasure): PersonalRecord['data'] {
  const erased = erasedData(data, erasure);
  return isObject(erased) ? erased : data;
}

/** Whoever asked is gone: nobody is left to answer. */
function isOwnRequest({ kind, data }: PersonalRecord, login: string): boolean {
  if (kind !== 'waiting') return false;
  const asked = isObject(data['asked']) ? data['asked'] : {};
  const payload = isObject(asked['payload']) ? asked['payload'] : {};
  const sender = isObject(payload['sender']) ? payload['sender']['login'] : undefined;
  return typeof sender === 'string' && sender.toLowerCase() === login.toLowerCase();
}

function pseudonymOf(login: string, key: string): string {
  return `erased-${createHmac('sha256', key).update(login.toLowerCase()).digest('hex').slice(0, 16)}`;
}
