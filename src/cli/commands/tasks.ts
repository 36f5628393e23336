import type { Command } from 'commander';
import { shortClaimName } from '../../domain/coordination/claim-reference.ts';
import { counted } from '../../domain/counted.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { readKey, whoIsIt } from '../coordination/references.ts';
import { queryContext, readSearch } from '../coordination/search-option.ts';
import { addStoreOptions, inRoom, type RoomFlags, repositoryOf } from '../coordination/store-options.ts';
import { noSuchTask, standingOf, taskColumns, taskFields, taskText } from '../coordination/task-view.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { readMoment } from '../moments.ts';
import { tableText, widthOf } from '../table.ts';
import { terminalLine } from '../terminal-text.ts';

export interface TaskFlags extends RoomFlags {
  readonly search?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly as?: string;
  readonly reason?: string;
}

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });
  const about = 'An issue is 42, octo/slug#42 or its address.';

  const list = sub('list', 'Issues and pull requests, where each stands, who has it. By priority, then age.')
    .option(
      '--search <query>',
      "GitHub's search language and ours: 'is:ready label:bug -claimed-by:@me sort:updated-desc'",
    )
    .option('--limit <n>', 'how many at most; 30 when absent')
    .option('--as <login>', 'who @me is');
  addStoreOptions(list).action((flags: TaskFlags) => cli.run((io) => listTasks(flags, io)));

  const show = sub('show', `Everything about one task: state, holder, blockers, attempts, cost. ${about}`).argument(
    '<issue>',
  );
  addStoreOptions(show).action((issue: string, flags: TaskFlags) => cli.run((io) => showTask(issue, flags, io)));

  const sync = sub('sync', 'Take over issues and dependencies of a repository from GitHub (GITHUB_TOKEN).').option(
    '--since <when>',
    'only what changed since: 2h, 2026-11-21; everything when absent',
  );
  addStoreOptions(sync).action((flags: TaskFlags) => cli.run((io) => syncTasks(flags, io)));

  const redrive = sub(
    'redrive',
    `Hand a task out again that was given up after failures, or that waits for a person. ${about}`,
  )
    .argument('<issue>')
    .option('--reason <text>', 'told with the task')
    .option('--as <name>', 'who you are; the user of this machine when absent');
  addStoreOptions(redrive).action((issue: string, flags: TaskFlags) => cli.run((io) => redriveTask(issue, flags, io)));
}

async function listTasks(flags: TaskFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, taskFields);
  const limit = readLimit(flags.limit, 30);
  const { me } = whoIsIt(flags.as, io);
  const query = readSearch(flags.search, flags.repository === undefined ? undefined : await repositoryOf(flags, io));
  return inRoom(flags, io, async (room) => {
    const now = room.clock.now();
    const { tasks, total } = await room.store.tasks.search(query, queryContext(now, me), { offset: 0, limit });
    if (flags.json !== undefined) {
      io.stdout.write(listJson('tasks', tasks, { fields: flags.json, facts: { store: room.place, total } }));
      return exitCodes.ok;
    }
    if (tasks.length === 0) {
      const none = flags.search === undefined ? `no tasks in ${room.place}` : 'no task fits';
      io.stderr.write(`${none}; entropy-playground tasks sync fetches the issues of a repository\n`);
      return exitCodes.ok;
    }
    const width = widthOf(io.stdout, io.environment.columns);
    io.stdout.write(tableText(tasks, taskColumns(now, io.paintOut), { width, paint: io.paintOut }));
    if (total > tasks.length) io.stderr.write(`${tasks.length} of ${counted(total, 'task')}; --limit shows more\n`);
    return exitCodes.ok;
  });
}

async function showTask(issue: string, flags: TaskFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', ...taskFields]);
  const key = await readKey(issue, flags, io);
  return inRoom(flags, io, async (room) => {
    const task = await room.store.tasks.read(key);
    if (task === undefined) throw noSuchTask(key, room.place);
    io.stdout.write(
      flags.json === undefined
        ? taskText(task, room.clock.now(), io.paintOut)
        : jsonText({ ...task, schema: 1, store: room.place }, flags.json),
    );
    return exitCodes.ok;
  });
}

async function syncTasks(flags: TaskFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'repository', 'issues', 'dependencies', 'cycles', 'missing', 'next']);
  const repository = await repositoryOf(flags, io);
  if (repository === undefined) {
    throw new EntropyError({ code: 'E100', message: 'which repository?', fix: 'add -R OWNER/REPO' });
  }
  return inRoom(flags, io, async (room) => {
    const since = flags.since === undefined ? undefined : readMoment('--since', flags.since, room.clock.now());
    const report = await room.sync(repository, since === undefined ? undefined : new Date(since).toISOString());
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, store: room.place, ...report }, flags.json));
      return exitCodes.ok;
    }
    const { issues, dependencies, cycles, missing } = report;
    const what = `${counted(issues, 'issue')} and ${counted(dependencies, 'dependency', 'dependencies')}`;
    io.stdout.write(`${io.paintOut.good('✔')} ${what} of ${report.repository} are in ${room.place}\n`);
    for (const path of cycles) {
      io.stdout.write(
        `${io.paintOut.warn('!')} left out, it would close a cycle: ${path.map(shortClaimName).join(' → ')}\n`,
      );
    }
    if (missing.length > 0) {
      const names = terminalLine(missing.join(', '), 300);
      io.stdout.write(`${io.paintOut.warn('!')} named in texts, and not to be found with this token: ${names}\n`);
    }
    return exitCodes.ok;
  });
}

async function redriveTask(issue: string, flags: TaskFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', 'from', 'task']);
  const { actor } = whoIsIt(flags.as, io);
  const key = await readKey(issue, flags, io);
  return inRoom(flags, io, async (room) => {
    const result = await room.redrive({ key, actor, ...(flags.reason !== undefined && { reason: flags.reason }) });
    if (result.kind === 'missing') throw noSuchTask(key, room.place);
    if (result.kind === 'not-waiting') {
      const task = await room.store.tasks.read(key);
      const standing = task === undefined ? result.task.state : standingOf(task);
      throw new EntropyError({
        code: 'E731',
        message: `${shortClaimName(key)} needs no redrive: it is ${standing}`,
        fix: 'nothing is in its way; entropy-playground tasks show tells more',
      });
    }
    const { task, from } = result;
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, store: room.place, from, task }, flags.json));
    } else {
      const was = from.replace('_', ' ');
      io.stdout.write(`${io.paintOut.good('✔')} ${shortClaimName(key)} was ${was} and is ready again\n`);
    }
    return exitCodes.ok;
  });
}
