import type { Command } from 'commander';
import { EntropyError } from '../../domain/error.ts';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { PersonData } from '../../runtime/person-data.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { terminalLine } from '../terminal-text.ts';
import { usage } from '../usage-error.ts';

export interface DataFlags {
  readonly person: string;
  readonly state?: string;
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly yes?: boolean;
  readonly json?: string;
}

const eraseFields = ['schema', 'place', 'pseudonym', 'changed', 'withdrawn', 'removedFiles', 'kept', 'log'];

export function define(command: Command, cli: Cli): void {
  const sub = (name: string, description: string): Command =>
    command
      .command(name)
      .description(description)
      .configureHelp({ sortOptions: false })
      .requiredOption('--person <login>', 'as on GitHub, without @')
      .option('--state <file>', 'the file of a local state (ENTROPY_STATE_FILE); the default one when nothing is said')
      .option('--stack <name>', 'or a stack of AWS: its table and its buckets')
      .option('--region <region>', 'of AWS (AWS_REGION, else that of the profile)')
      .option('--profile <name>', 'of the AWS configuration (AWS_PROFILE)');
  sub('export', 'Everything in which a person is named or that they wrote: one JSON object a line, on stdout.').action(
    (flags: DataFlags) => cli.run((io) => exportData(flags, io)),
  );
  sub(
    'erase',
    'Take a person out of everything that is stored: names become a pseudonym, texts of their own issues go.',
  )
    .option('-y, --yes', 'ask nothing')
    .option(...jsonOption)
    .action((flags: DataFlags) => cli.run((io) => eraseData(flags, io)));
}

async function exportData(flags: DataFlags, io: CliIo): Promise<ExitCode> {
  return inData(flags, io, async (data) => {
    let lines = 0;
    for await (const line of data.export(flags.person)) {
      // A whole line; what is not visible is escaped in JSON.
      io.stdout.write(line);
      lines += 1;
    }
    io.stderr.write(`${lines} records of ${data.place} concern ${terminalLine(flags.person, 100)}\n`);
    return exitCodes.ok;
  });
}

async function eraseData(flags: DataFlags, io: CliIo): Promise<ExitCode> {
  checkFields(flags.json, eraseFields);
  return inData(flags, io, async (data) => {
    await agree(flags, io, data.place);
    const report = await data.erase(flags.person);
    if (flags.json !== undefined) {
      io.stdout.write(jsonText({ schema: 1, place: data.place, ...report }, flags.json));
      return exitCodes.ok;
    }
    const { pseudonym, changed, withdrawn, removedFiles, kept, log } = report;
    const told = Object.entries(changed).map(([kind, count]) => `${count} ${kind}`);
    const lines = [
      `${flags.person} is ${pseudonym} from now on in ${data.place}: ${told.join(', ') || 'nothing named them'}`,
      `${withdrawn} requests were taken out of lines; ${removedFiles} files of their runs were removed`,
      ...kept.map(
        ({ key, until }) => `stays: ${key}${until === undefined ? '' : `, until ${new Date(until).toISOString()}`}`,
      ),
      ...(log === 'late' ? ['the log had not told all yet: run the same command again in some minutes'] : []),
      `${flags.stack === undefined ? 'backups hold the state of before as long as you keep them' : 'point-in-time recovery holds the state of before for up to 35 days'} (docs/data-protection.md)`,
    ];
    for (const line of lines) io.stdout.write(`${terminalLine(line, 400)}\n`);
    return exitCodes.ok;
  });
}

async function inData(flags: DataFlags, io: CliIo, work: (data: PersonData) => Promise<ExitCode>): Promise<ExitCode> {
  const { openPersonData } = await import('../../runtime/person-data.ts');
  const { stateFile } = await import('../../runtime/state.ts');
  const { state, stack, region, profile } = flags;
  if (state !== undefined && stack !== undefined)
    throw usage('--state and --stack exclude each other', 'name one place');
  const place =
    stack === undefined
      ? ({ kind: 'local', stateFile: stateFile(state, io).path } as const)
      : ({ kind: 'stack', stack, ...(region && { region }), ...(profile && { profile }) } as const);
  await using data = await openPersonData(place, io.signal);
  return await work(data);
}

async function agree({ person, yes }: DataFlags, io: CliIo, place: string): Promise<void> {
  if (yes === true) return;
  if (!io.stdinIsTerminal || io.stderr.isTTY !== true) {
    throw usage('what is erased does not come back, and there is no terminal to agree on', 'add --yes');
  }
  const { confirm } = await import('@clack/prompts');
  const message = `Take ${person} out of ${place}? It does not come back`;
  const agreed = await confirm({ output: process.stderr, signal: io.signal, message, initialValue: false });
  if (agreed !== true) {
    throw new EntropyError({ code: 'E105', message: 'nothing was erased', fix: 'run it again when you like' });
  }
}
