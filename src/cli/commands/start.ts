import path from 'node:path';
import type { Command } from 'commander';
import type { EmbeddedReport, EmbeddedRunOptions, RunEmbedded } from '../../domain/embedded-run.ts';
import { type ExitCode, exitCodeOf } from '../../domain/outcome.ts';
import { parseWhole } from '../../domain/quantity.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { readIssueFile } from '../issue-file.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { readModel, requireKey } from '../model-option.ts';
import { newFolder } from '../new-place.ts';
import { replayHint, runReportFields, summaryText, watched } from '../run-view.ts';
import { usage } from '../usage-error.ts';

export interface StartFlags {
  readonly repo?: string;
  readonly issue?: string;
  readonly model?: string;
  readonly setup?: string;
  readonly test?: string;
  readonly keep?: string;
  readonly serve?: boolean;
  readonly port?: string;
  readonly json?: string;
  readonly verbose?: boolean;
}

const fields = [
  ...runReportFields,
  'pullRequest',
  'issueUrl',
  'workspace',
  'serving',
  'coordinator',
] as const satisfies readonly (keyof EmbeddedReport)[];

export function define(command: Command, cli: Cli): void {
  command
    .option(
      '--repo <path>',
      'any local git repository becomes the embedded one, history included; the sample when absent',
    )
    .option('--issue <file.md>', 'the issue: "# title" and a description')
    .option('--model <model>', 'anthropic, scripted:FILE or replay:FILE')
    .option('--setup <command>', 'prepares the workspace; runs before any key is in the process')
    .option('--test <command>', 'proves the work; run before and after, in the sandbox')
    .option('--keep <dir>', 'leave everything of the run there: trajectory, patch, artifacts, logs')
    .option('--serve', 'keep the embedded GitHub up after the run, with a coordinator beside it, until Ctrl-C')
    .option('--port <n>', 'its port on loopback; any free one when absent')
    .option('--verbose', 'show the log of every job')
    .option(...jsonOption)
    .action((flags: StartFlags) =>
      cli.run(async (io) => {
        const { runEmbedded } = await import('../../runtime/embedded.ts');
        return start(flags, io, runEmbedded);
      }),
    );
}

export async function start(flags: StartFlags, io: CliIo, runEmbedded: RunEmbedded): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const options = await readOptions(flags, io);
  io.stderr.write(`  ${io.paintErr.strong('entropy-playground')} · embedded GitHub · ${modelTold(options, io)}\n\n`);
  const report = await watched(io, flags.verbose === true, (onEvent) => runEmbedded(options, onEvent, io.signal));
  const look = report.serving === null ? null : (report.pullRequest?.url ?? report.issueUrl ?? report.serving);
  const links = [
    ['look', look],
    ['patch', report.patchPath],
    ['replay', replayHint(report, io, options.repository)],
  ] as const;
  io.stdout.write(flags.json === undefined ? summaryText(report, links, io.paintOut) : jsonText(report, flags.json));
  if (report.serving !== null && !io.signal.aborted) {
    io.stderr.write(`\n  serving ${report.serving} until Ctrl-C\n${coordinatorTold(report)}`);
    await io.untilStopped();
  }
  return exitCodeOf(report.outcome);
}

/** What to paste to look into its books: the key is good for this sitting only. */
function coordinatorTold({ coordinator }: EmbeddedReport): string {
  if (coordinator === null) return '';
  const { url, adminKey } = coordinator;
  return `  coordinator ${url}/docs\n    export ENTROPY_COORDINATOR_URL=${url} ENTROPY_COORDINATOR_KEY=${adminKey}\n    npx entropy-playground runs list\n`;
}

async function readOptions(flags: StartFlags, io: CliIo): Promise<EmbeddedRunOptions> {
  if (flags.repo !== undefined && flags.issue === undefined) {
    throw usage('--repo needs an issue to work on', 'add --issue FILE.md; its first line is "# Title"');
  }
  const port = flags.port === undefined ? undefined : parseWhole(flags.port, 0);
  if (flags.port !== undefined && (port === undefined || port > 65_535)) {
    throw usage(
      `--port ${flags.port} is not a port`,
      'choose a number from 1 to 65535, or leave it out for any free one',
    );
  }
  // The sample's script knows only the sample's issue; anything else needs a real model or a script of its own.
  const isSample = flags.repo === undefined && flags.issue === undefined;
  const issue = flags.issue === undefined ? undefined : await readIssueFile(path.resolve(io.cwd, flags.issue));
  if (flags.model === undefined && !isSample) requireKey(io);
  return {
    ...(flags.repo === undefined ? {} : { repository: path.resolve(io.cwd, flags.repo) }),
    ...(issue === undefined ? {} : { issue }),
    ...(flags.model === undefined ? {} : { model: await readModel(flags.model, io) }),
    ...(flags.setup === undefined ? {} : { setupCommand: flags.setup }),
    ...(flags.test === undefined ? {} : { testCommand: flags.test }),
    ...(flags.keep === undefined ? {} : { keepDir: await newFolder('--keep', path.resolve(io.cwd, flags.keep)) }),
    ...(port === undefined ? {} : { port }),
    serve: flags.serve === true ? 'until-aborted' : 'no',
  };
}

function modelTold(options: EmbeddedRunOptions, io: CliIo): string {
  const { model } = options;
  if (model === undefined) {
    return io.environment.hasModelKey ? 'Claude' : 'scripted model (set ANTHROPIC_API_KEY to use Claude)';
  }
  switch (model.kind) {
    case 'anthropic':
      return model.name ?? 'Claude';
    case 'scripted':
      return `scripted model ${path.basename(model.file)}`;
    case 'replay':
      return `replay of ${path.basename(model.file)}`;
    default:
      return model satisfies never;
  }
}
