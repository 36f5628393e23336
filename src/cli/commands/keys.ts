import type { Command } from 'commander';
import { type AccessRole, type ApiKey, accessRoles } from '../../domain/access/api-key.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { parseList } from '../../domain/quantity.ts';
import { parseFullName } from '../../domain/repository.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { addStoreOptions, inRoom, type RoomFlags } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { ago, around, readDuration } from '../moments.ts';
import type { Paint } from '../paint.ts';
import { type Column, tableText, widthOf } from '../table.ts';

export interface KeyFlags extends RoomFlags {
  readonly role?: string;
  readonly repositories?: string;
  readonly expires?: string;
  readonly overlap?: string;
  readonly all?: boolean;
}

const keyFields = [
  'id',
  'name',
  'role',
  'repositories',
  'createdAt',
  'createdBy',
  'expiresAt',
  'lastUsedAt',
  'rotatedAt',
  'oldSecretUntil',
  'revokedAt',
] as const satisfies readonly (keyof ApiKey)[];
const day = 86_400_000;

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });

  const list = sub('list', 'The API keys of a coordinator, without their secrets.').option('--all', 'revoked ones too');
  addStoreOptions(list).action((flags: KeyFlags) => cli.run((io) => listKeys(flags, io)));

  const create = sub(
    'create',
    'Make an API key. stdout holds the key and nothing else; it is told this once. viewer reads, operator works, admin sets limits and makes keys.',
  )
    .argument('<name>', 'who or what it is for: laptop-alice')
    .option('--role <role>', 'viewer, operator or admin; operator when absent')
    .option('--repositories <owner/repo,…>', 'good for these only; all when absent')
    .option('--expires <time>', 'ends by itself: 30d, 12h');
  addStoreOptions(create).action((name: string, flags: KeyFlags) => cli.run((io) => createKey(name, flags, io)));

  const rotate = sub('rotate', 'A new secret for a key; the old one is good for a while longer.')
    .argument('<id|name>')
    .option('--overlap <time>', 'how long the old one stays good: 1h, 1d; 0s ends it at once');
  addStoreOptions(rotate).action((id: string, flags: KeyFlags) => cli.run((io) => rotateKey(id, flags, io)));

  const revoke = sub('revoke', 'End a key, at once and for good.').argument('<id|name>');
  addStoreOptions(revoke).action((id: string, flags: KeyFlags) => cli.run((io) => revokeKey(id, flags, io)));
}

async function listKeys(flags: KeyFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, keyFields);
  return inRoom(flags, io, async (room) => {
    const now = room.clock.now();
    const keys = (await room.keys().list()).filter(({ revokedAt }) => flags.all === true || revokedAt === undefined);
    if (flags.json !== undefined) {
      io.stdout.write(listJson('keys', keys, { fields: flags.json, facts: { store: room.place } }));
      return exitCodes.ok;
    }
    if (keys.length === 0) io.stderr.write(`no keys at ${room.place}\n`);
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(keys, columns(now, io.paintOut), { width, paint: io.paintOut }));
    }
    return exitCodes.ok;
  });
}

function columns(now: number, paint: Paint): readonly Column<ApiKey>[] {
  return [
    { title: 'name', of: ({ name }) => name, grows: true },
    { title: 'id', of: ({ id }) => id, max: 26 },
    { title: 'role', of: ({ role }) => role },
    { title: 'for', of: ({ repositories }) => repositories?.join(', ') ?? 'all', max: 20 },
    { title: 'used', of: ({ lastUsedAt }) => (lastUsedAt === undefined ? 'never' : ago(lastUsedAt, now)) },
    {
      title: 'ends',
      of: ({ revokedAt, expiresAt }) =>
        revokedAt !== undefined ? 'revoked' : expiresAt === undefined ? '–' : around(expiresAt, now),
      paint: (text, { expiresAt, revokedAt }) =>
        revokedAt !== undefined || (expiresAt !== undefined && expiresAt < now) ? paint.bad(text) : text,
    },
  ];
}

async function createKey(name: string, flags: KeyFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'key', 'secret']);
  const role = readRole(flags.role);
  const repositories = flags.repositories === undefined ? undefined : readRepositories(flags.repositories);
  const expires = flags.expires;
  const expiresInMs =
    expires === undefined ? undefined : readDuration('--expires', expires, { min: 1_000, max: 366 * day });
  return inRoom(flags, io, async (room) => {
    const made = await room.keys().create({
      name,
      role,
      ...(repositories !== undefined && { repositories }),
      ...(expiresInMs !== undefined && { expiresInMs }),
    });
    if (made.kind === 'exists') {
      throw new EntropyError({
        code: 'E733',
        message: `there is a key named ${name} already`,
        fix: `choose another name, or give it a new secret: entropy-playground keys rotate ${name}`,
      });
    }
    tellSecret({ ...made, store: room.place }, `${made.key.role} key ${made.key.name}, id ${made.key.id}`, flags, io);
    return exitCodes.ok;
  });
}

async function rotateKey(wanted: string, flags: KeyFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'key', 'secret']);
  const overlap = flags.overlap;
  const overlapMs = overlap === undefined ? undefined : readDuration('--overlap', overlap, { min: 0, max: 7 * day });
  return inRoom(flags, io, async (room) => {
    const keys = room.keys();
    const id = await idOf(wanted, keys);
    const result = await keys.rotate(id, overlapMs);
    if (result.kind === 'missing') throw noSuchKey(wanted);
    if (result.kind === 'revoked') {
      throw new EntropyError({
        code: 'E731',
        message: `key ${result.key.name} is revoked`,
        fix: 'make a new one: entropy-playground keys create',
      });
    }
    const { oldSecretUntil } = result.key;
    const old = oldSecretUntil === undefined ? 'is over' : `ends ${around(oldSecretUntil, room.clock.now())}`;
    tellSecret({ ...result, store: room.place }, `new secret for ${result.key.name}; the old one ${old}`, flags, io);
    return exitCodes.ok;
  });
}

async function revokeKey(wanted: string, flags: KeyFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'key']);
  return inRoom(flags, io, async (room) => {
    const keys = room.keys();
    const key = await keys.revoke(await idOf(wanted, keys));
    if (key === undefined) throw noSuchKey(wanted);
    const text = `${io.paintOut.good('✔')} key ${key.name} is good for nothing any more\n`;
    io.stdout.write(flags.json === undefined ? text : jsonText({ schema: 1, store: room.place, key }, flags.json));
    return exitCodes.ok;
  });
}

/** The key alone on stdout, so that it can go straight into a secret store; what it is on stderr. */
function tellSecret(
  { key, secret, store }: { readonly key: ApiKey; readonly secret: string; readonly store: string },
  note: string,
  flags: KeyFlags,
  io: CliIo,
): void {
  if (flags.json !== undefined) {
    io.stdout.write(jsonText({ schema: 1, store, key, secret }, flags.json));
    return;
  }
  io.stderr.write(`${io.paintErr.good('✔')} ${note}\n  keep it now, it is not told again: ENTROPY_COORDINATOR_KEY=\n`);
  io.stdout.write(`${secret}\n`);
}

/** People know names; ids never change. */
async function idOf(wanted: string, keys: { list(): Promise<readonly ApiKey[]> }): Promise<string> {
  const all = await keys.list();
  const byId = all.find(({ id }) => id === wanted);
  const byName = all.find(({ name, revokedAt }) => name === wanted && revokedAt === undefined);
  const found = byId ?? byName;
  if (found === undefined) throw noSuchKey(wanted);
  return found.id;
}

function readRole(text: string | undefined): AccessRole {
  if (text === undefined) return 'operator';
  const role = accessRoles.find((name) => name === text);
  if (role !== undefined) return role;
  throw new EntropyError({
    code: 'E100',
    message: `--role ${text} is no role`,
    fix: 'choose viewer (reads), operator (works) or admin (sets limits, makes keys)',
  });
}

function readRepositories(text: string): readonly string[] {
  const names = parseList(text);
  const odd = names.find((name) => parseFullName(name) === undefined);
  if (names.length > 0 && odd === undefined) return names;
  throw new EntropyError({
    code: 'E100',
    message: `--repositories ${odd ?? text} is not owner/repo`,
    fix: 'write --repositories octo/slug,octo/site',
  });
}

function noSuchKey(wanted: string): EntropyError {
  return new EntropyError({
    code: 'E726',
    message: `there is no key ${wanted}`,
    fix: 'entropy-playground keys list shows them',
  });
}
