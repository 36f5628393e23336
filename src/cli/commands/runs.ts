import type { Command } from 'commander';
import { type RunRecord, type RunState, runStates } from '../../domain/coordination/run-record.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readLimit } from '../coordination/limit-option.ts';
import { noSuchRun } from '../coordination/no-such-run.ts';
import { readKey, whoIsIt } from '../coordination/references.ts';
import { downloadFiles, listFiles } from '../coordination/run-files.ts';
import { isLiving, runColumns, runFields, runText } from '../coordination/run-view.ts';
import { addStoreOptions, inRoom, prefixOf, type RoomFlags } from '../coordination/store-options.ts';
import { listJson } from '../json-list.ts';
import { checkFields, jsonText } from '../json-output.ts';
import { readMoment } from '../moments.ts';
import { tableText, widthOf } from '../table.ts';

export interface RunsFlags extends RoomFlags {
  readonly task?: string;
  readonly agent?: string;
  readonly runState?: string;
  readonly living?: boolean;
  readonly since?: string;
  readonly limit?: string;
  readonly reason?: string;
  readonly as?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const livingStates: readonly RunState[] = ['queued', 'running', 'waiting'];

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command.command(name).description(description).configureHelp({ sortOptions: false });

  const list = sub('list', 'Runs, newest first: what each is at, how far it is, what it cost.')
    .option('--living', 'only those that are not over')
    .option('--task <issue>', 'only those of this issue')
    .option('--agent <id>', 'only those of this agent')
    .option('--run-state <states>', `only in these states, separated by commas: ${runStates.join(', ')}`)
    .option('--since <when>', 'started since: 2h, 1d, 2026-11-21')
    .option('--limit <n>', 'how many at most; 30 when absent');
  addStoreOptions(list).action((flags: RunsFlags) => cli.run((io) => listRuns(flags, io)));

  const show = sub('show', 'Everything about one run.').argument('<run>');
  addStoreOptions(show).action((id: string, flags: RunsFlags) => cli.run((io) => showRun(id, flags, io)));

  const stop = sub(
    'stop',
    'Ask a run to end: it sees it with its next heartbeat, saves its work, and gives its claim back.',
  )
    .argument('<run>')
    .option('--reason <text>', 'told to the run and to the issue')
    .option('--as <name>', 'who you are; the user of this machine when absent');
  addStoreOptions(stop).action((id: string, flags: RunsFlags) => cli.run((io) => stopRun(id, flags, io)));

  const artifacts = sub('artifacts', 'The files that are kept of a run: trajectory, patch, result, logs.').argument(
    '<run>',
  );
  addStoreOptions(artifacts).action((id: string, flags: RunsFlags) => cli.run((io) => listFiles(id, flags, io)));

  const download = sub(
    'download',
    'Fetch the files of a run, or the one that is named; checked, and written whole or not at all.',
  )
    .argument('<run>')
    .argument('[name]', 'trajectory.jsonl.gz, patch.json, result.json …; all when absent')
    .option('--out <folder>', 'where to; a folder called like the run when absent')
    .option('--force', 'write over files that are there');
  addStoreOptions(download).action((id: string, name: string | undefined, flags: RunsFlags) =>
    cli.run((io) => downloadFiles({ id, name }, flags, io)),
  );
}

async function listRuns(flags: RunsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, runFields);
  const limit = readLimit(flags.limit, 30);
  const states = flags.living === true ? livingStates : readStates(flags.runState);
  const task = flags.task === undefined ? undefined : await readKey(flags.task, flags, io);
  const taskPrefix = await prefixOf(flags, io);
  return inRoom(flags, io, async (room) => {
    const now = room.clock.now();
    const runs = await room.store.runs.list({
      limit,
      ...(states !== undefined && { states }),
      ...(task !== undefined && { task }),
      ...(flags.agent !== undefined && { agent: flags.agent }),
      ...(flags.since !== undefined && { since: readMoment('--since', flags.since, now) }),
      ...(taskPrefix !== '' && { taskPrefix }),
    });
    if (flags.json !== undefined) {
      io.stdout.write(listJson('runs', runs, { fields: flags.json, facts: { store: room.place } }));
      return exitCodes.ok;
    }
    if (runs.length === 0) io.stderr.write(`no runs in ${room.place}\n`);
    else {
      const width = widthOf(io.stdout, io.environment.columns);
      io.stdout.write(tableText(runs, runColumns(now, io.paintOut), { width, paint: io.paintOut }));
    }
    return exitCodes.ok;
  });
}

async function showRun(id: string, flags: RunsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', ...runFields]);
  return inRoom(flags, io, async (room) => {
    const run = await room.store.runs.read(id);
    if (run === undefined) throw noSuchRun(id, room.place);
    tell(run, room.place, flags, io, runText(run, room.clock.now(), io.paintOut));
    return exitCodes.ok;
  });
}

async function stopRun(id: string, flags: RunsFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'store', ...runFields]);
  const { actor } = whoIsIt(flags.as, io);
  return inRoom(flags, io, async (room) => {
    const result = await room.store.runs.requestStop(id, { by: actor, reason: flags.reason ?? 'stopped by hand' });
    if (result.kind === 'missing') throw noSuchRun(id, room.place);
    const { run } = result;
    if (result.kind === 'illegal') {
      throw new EntropyError({
        code: 'E731',
        message: `run ${id} is over: it ${run.state === 'failed' ? 'failed' : `ended as ${run.state.replace('_', ' ')}`}`,
        fix: 'there is nothing to stop; entropy-playground runs list --living shows what goes on',
      });
    }
    const link = run.workflowRun?.url;
    // In GitHub Actions the agent's job has no channel of its own: there the workflow run is what is cancelled.
    const how =
      link === undefined ? 'it ends with its next heartbeat' : `it sends no heartbeats; to end it now cancel ${link}`;
    tell(run, room.place, flags, io, `${io.paintOut.good('✔')} run ${id} was asked to stop; ${how}\n`);
    return isLiving(run) ? exitCodes.ok : exitCodes.pending;
  });
}

function tell(run: RunRecord, store: string, flags: RunsFlags, io: CliIo, text: string): void {
  io.stdout.write(flags.json === undefined ? text : jsonText({ ...run, schema: 1, store }, flags.json));
}

function readStates(text: string | undefined): readonly RunState[] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').map((word) => {
    const state = runStates.find((name) => name === word.trim().replaceAll('-', '_'));
    if (state !== undefined) return state;
    throw new EntropyError({
      code: 'E100',
      message: `--run-state ${word} is no state of a run`,
      fix: `choose from ${runStates.join(', ')}`,
    });
  });
}
