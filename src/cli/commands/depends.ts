import type { Command } from 'commander';
import type { ClaimKey } from '../../domain/claim.ts';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import type { Dependency } from '../../domain/coordination/dependency.ts';
import { waitEdgeOf } from '../../domain/coordination/wait-edge.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import { readyOnes } from '../../domain/query/ready-ones.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { readKey, whoIsIt } from '../coordination/references.ts';
import { queryContext, readSearch } from '../coordination/search-option.ts';
import { addStoreOptions, inRoom, type RoomFlags, repositoryOf } from '../coordination/store-options.ts';
import { noSuchTask, taskColumns, taskFields } from '../coordination/task-view.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { tableText, widthOf } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';

export interface DependsFlags extends RoomFlags {
  readonly blockedBy?: string;
  readonly blocks?: string;
  readonly parent?: string;
  readonly duplicates?: string;
  readonly discoveredFrom?: string;
  readonly search?: string;
  readonly limit?: string;
  readonly as?: string;
}

const edgeFields = ['schema', 'store', 'dependency', 'result'] as const;
const showFields = ['schema', 'store', 'key', 'openBlockers', 'ready', 'dependencies'] as const;

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });
  const edges = (one: Command): Command =>
    one
      .argument('<issue>')
      .option('--blocked-by <issue>', 'it waits until that one is closed')
      .option('--blocks <issue>', 'that one waits until this is closed')
      .option('--parent <issue>', 'it is a part of that one, which waits for it')
      .option('--duplicates <issue>', 'it asks for the same as that one')
      .option('--discovered-from <issue>', 'it was found during the work on that one')
      .option('--as <name>', 'who you are; the user of this machine when absent');

  const add = edges(sub('add', 'Say what an issue has to do with another. A cycle is refused, with its path.'));
  addStoreOptions(add).action((issue: string, flags: DependsFlags) => cli.run((io) => addEdge(issue, flags, io)));

  const remove = edges(sub('remove', 'Take back what a person said; what GitHub or a text says stays.'));
  addStoreOptions(remove).action((issue: string, flags: DependsFlags) => cli.run((io) => removeEdge(issue, flags, io)));

  const show = sub('show', 'What an issue waits for, what waits for it, and who said so.').argument('<issue>');
  addStoreOptions(show).action((issue: string, flags: DependsFlags) => cli.run((io) => showEdges(issue, flags, io)));

  const ready = sub('ready', 'What can be worked on now: open, free, every blocker closed. The order of next.')
    .option('--search <query>', "only tasks that fit: 'label:bug milestone:v2'")
    .option('--limit <n>', 'how many at most; 30 when absent')
    .option('--as <login>', 'who @me is');
  addStoreOptions(ready).action((flags: DependsFlags) => cli.run((io) => listReady(flags, io)));
}

async function addEdge(issue: string, flags: DependsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, edgeFields);
  const { actor } = whoIsIt(flags.as, io);
  const dependency = await readEdge(issue, flags, io);
  return inRoom(flags, io, async (room) => {
    const result = await room.store.tasks.addDependency(dependency, actor);
    if (result.kind === 'cycle') {
      throw new EntropyError({
        code: 'E732',
        message: `${edgeText(dependency)} would close a cycle: ${result.path.map(shortClaimName).join(' → ')}`,
        fix: 'remove one of these edges first: entropy-playground depends remove',
      });
    }
    const already = result.kind === 'exists' ? ' (known already)' : '';
    tellEdge({ dependency, result: result.kind, store: room.place }, `${edgeText(dependency)}${already}`, flags, io);
    if (flags.json === undefined) await tellOfUnknown(room, dependency, io);
    return exitCodes.ok;
  });
}

/** An issue that nobody took over from GitHub yet counts as open. It may be meant so, or be a slip of the pen. */
async function tellOfUnknown(room: CoordinationRoom, edge: Dependency, { stderr, paintErr }: CliIo): Promise<void> {
  const wait = waitEdgeOf(edge);
  for (const key of new Set([edge.from, edge.to])) {
    if ((await room.store.tasks.read(key)) !== undefined) continue;
    const name = shortClaimName(key);
    const then =
      key === wait?.blocker ? `; until then it counts as open, and ${shortClaimName(wait.waiter)} waits` : '';
    const line = `${name} is not known here: entropy-playground tasks sync takes it over from GitHub${then}`;
    stderr.write(`${paintErr.warn('!')} ${terminalLine(line, 400)}\n`);
  }
}

async function removeEdge(issue: string, flags: DependsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, edgeFields);
  const { actor } = whoIsIt(flags.as, io);
  const dependency = await readEdge(issue, flags, io);
  return inRoom(flags, io, async (room) => {
    const result = await room.store.tasks.removeDependency(dependency, actor);
    if (result === 'missing') {
      throw new EntropyError({
        code: 'E726',
        message: `nobody said that ${edgeText(dependency)}`,
        fix: 'entropy-playground depends show tells what is known, and who said it; what GitHub says is changed there',
      });
    }
    tellEdge({ dependency, result, store: room.place }, `no longer: ${edgeText(dependency)}`, flags, io);
    return exitCodes.ok;
  });
}

function tellEdge(facts: object, text: string, flags: DependsFlags, io: CliIo): void {
  io.stdout.write(
    flags.json === undefined ? `${io.paintOut.good('✔')} ${text}\n` : jsonText({ schema: 1, ...facts }, flags.json),
  );
}

async function showEdges(issue: string, flags: DependsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, showFields);
  const key = await readKey(issue, flags, io);
  return inRoom(flags, io, async (room) => {
    const [task, dependencies] = await Promise.all([room.store.tasks.read(key), room.store.tasks.dependencies(key)]);
    if (task === undefined && dependencies.length === 0) throw noSuchTask(key, room.place);
    const { openBlockers = 0, ready = false } = task ?? {};
    if (flags.json !== undefined) {
      const object = { schema: 1, store: room.place, key, openBlockers, ready, dependencies };
      io.stdout.write(jsonText(object, flags.json));
      return exitCodes.ok;
    }
    const standing = ready ? 'ready' : openBlockers > 0 ? `waits for ${openBlockers}` : (task?.state ?? 'not known');
    io.stdout.write(`${io.paintOut.strong(shortClaimName(key))}  ${standing.replace('_', ' ')}\n`);
    for (const dependency of dependencies) {
      const { source } = dependency;
      const said = { github: 'GitHub', 'sub-issue': 'GitHub, sub-issue', text: 'its text', person: 'a person' }[source];
      io.stdout.write(`  ${edgeText(dependency)}  ${io.paintOut.faint(`by ${said}`)}\n`);
    }
    if (dependencies.length === 0) io.stderr.write('nothing is said about other issues\n');
    return exitCodes.ok;
  });
}

async function listReady(flags: DependsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, taskFields);
  const limit = readLimit(flags.limit, 30);
  const { me } = whoIsIt(flags.as, io);
  const asked = readSearch(flags.search, flags.repository === undefined ? undefined : await repositoryOf(flags, io));
  const query = readyOnes(asked);
  return inRoom(flags, io, async (room) => {
    const now = room.clock.now();
    const { tasks, total } = await room.store.tasks.search(query, queryContext(now, me), { offset: 0, limit });
    if (flags.json !== undefined) {
      io.stdout.write(listJson('tasks', tasks, { fields: flags.json, facts: { store: room.place, total } }));
      return exitCodes.ok;
    }
    if (tasks.length === 0) io.stderr.write('nothing is ready; entropy-playground tasks list shows what waits\n');
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(tasks, taskColumns(now, io.paintOut), { width, paint: io.paintOut }));
      if (total > tasks.length) io.stderr.write(`${tasks.length} of ${total}; --limit shows more\n`);
    }
    return exitCodes.ok;
  });
}

/** The one edge that the options name; said by a person. */
async function readEdge(issue: string, flags: DependsFlags, io: CliIo): Promise<Dependency> {
  const { blockedBy, blocks, parent, duplicates, discoveredFrom } = flags;
  const given = [blockedBy, blocks, parent, duplicates, discoveredFrom].filter((text) => text !== undefined);
  const [other] = given;
  if (other === undefined || given.length > 1) {
    throw new EntropyError({
      code: 'E100',
      message: given.length === 0 ? 'what has it to do with which issue?' : 'one edge at a time',
      fix: `write one of --blocked-by, --blocks, --parent, --duplicates, --discovered-from: depends add ${issue} --blocked-by 7`,
    });
  }
  const from = await readKey(issue, flags, io);
  const to = await readKey(other, flags, io);
  if (blockedBy !== undefined) return { kind: 'blocks', from: to, to: from, source: 'person' };
  if (blocks !== undefined) return { kind: 'blocks', from, to, source: 'person' };
  if (parent !== undefined) return { kind: 'parent', from: to, to: from, source: 'person' };
  const kind = duplicates === undefined ? 'discovered_from' : 'duplicates';
  return { kind, from, to, source: 'person' };
}

function edgeText({ kind, from, to }: Pick<Dependency, 'kind' | 'from' | 'to'>): string {
  const name = (key: ClaimKey): string => shortClaimName(key);
  switch (kind) {
    case 'blocks':
      return `${name(to)} waits for ${name(from)}`;
    case 'parent':
      return `${name(to)} is a part of ${name(from)}`;
    case 'duplicates':
      return `${name(from)} duplicates ${name(to)}`;
    case 'discovered_from':
      return `${name(from)} was discovered from ${name(to)}`;
    default:
      return kind satisfies never;
  }
}
