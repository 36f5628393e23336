import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { StateFile } from '../../runtime/state.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import type { RestoreTableFlags } from '../deploy/restore-table.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { terminalLine } from '../terminal-text.ts';

interface StateFlags {
  readonly state?: string;
  readonly json?: string;
}

export function define(command: Command, cli: Cli): void {
  group(
    command,
    'backup <file>',
    'Copy the state of one moment into a new file; safe while a coordinator runs.',
  ).action((file: string, flags: StateFlags) => cli.run((io) => backUp(file, flags, io)));
  group(command, 'restore <file>', 'Put a backup in the place of the state, which is kept beside it.').action(
    (file: string, flags: StateFlags) => cli.run((io) => restore(file, flags, io)),
  );
  group(command, 'migrate', 'Bring a state of an older version forward, and keep it as it was.').action(
    (flags: StateFlags) => cli.run((io) => migrate(flags, io)),
  );
  command
    .command('restore-table <table>')
    .description(
      'Restore the table of a stack to an earlier moment, under a new name and safe to use. The old table is not touched.',
    )
    .configureHelp({ sortOptions: false })
    .requiredOption('--to <name>', 'name of the new table')
    .option('--at <moment>', 'as 2026-11-21T15:45:00Z, within the last 35 days; the latest when absent')
    .option('--lost', 'the old table is gone or cannot be read: fences are raised by the clock')
    .option('--region <region>', 'of AWS (AWS_REGION, else that of the profile)')
    .option('--profile <name>', 'of the AWS configuration (AWS_PROFILE)')
    .option('--dry-run', 'tell what would be done')
    .option(...jsonOption)
    .action((table: string, flags: RestoreTableFlags) =>
      cli.run(async (io) => (await import('../deploy/restore-table.ts')).restoreTableCommand(table, flags, io)),
    );
}

function group(command: Command, usage: string, description: string): Command {
  return command
    .command(usage)
    .description(description)
    .configureHelp({ sortOptions: false })
    .option('--state <file>', 'the file of the state (ENTROPY_STATE_FILE); the default one when nothing is said')
    .option(...jsonOption);
}

async function backUp(file: string, flags: StateFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'state', 'file', 'stateSchema', 'seq', 'bytes']);
  const { schema: stateSchema, ...report } = await (await opened(flags, io)).backUp(file);
  const { state, seq, bytes } = report;
  return tell({ ...report, stateSchema }, flags, io, [
    `backed up ${state} to ${report.file}`,
    `schema ${stateSchema}, ${seq} events, ${bytes} bytes, checked`,
  ]);
}

async function restore(file: string, flags: StateFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'state', 'backup', 'stateSchema', 'fenceFloor', 'held', 'kept']);
  const { schema: stateSchema, ...report } = await (await opened(flags, io)).restore(file);
  const { state, backup, fenceFloor, held, kept } = report;
  return tell({ ...report, stateSchema, kept: kept ?? null }, flags, io, [
    `restored ${state} as it was after ${backup.seq} events`,
    ...(kept === undefined ? [] : [`the state of before is ${kept}`]),
    `fences go on above ${fenceFloor}; ${held} held ${held === 1 ? 'claim' : 'claims'} of then can write no more`,
    'what was revoked after the backup (API keys) is valid again: revoke it anew',
  ]);
}

async function migrate(flags: StateFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, ['schema', 'state', 'from', 'to', 'kept']);
  const report = await (await opened(flags, io)).migrate();
  const { state, from, to, kept } = report;
  const line = from === to ? `${state} has schema ${to} already` : `moved ${state} from schema ${from} to ${to}`;
  const lines = kept === undefined ? [line] : [line, `the state of before is ${kept}`];
  return tell({ ...report, kept: kept ?? null }, flags, io, lines);
}

async function opened(flags: StateFlags, io: CliIo): Promise<StateFile> {
  const { stateFile } = await import('../../runtime/state.ts');
  return stateFile(flags.state, io);
}

function tell(report: object, flags: StateFlags, io: CliIo, lines: readonly string[]): ExitCode {
  if (flags.json !== undefined) io.stdout.write(jsonText({ schema: 1, ...report }, flags.json));
  else for (const line of lines) io.stdout.write(`${terminalLine(line, 400)}\n`);
  return exitCodes.ok;
}
