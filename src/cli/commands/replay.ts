import path from 'node:path';
import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../../domain/outcome.ts';
import type { ReplayReport, ReplayRun, ReplayRunOptions } from '../../domain/replay-run.ts';
import { findTrajectory, keptRepository } from '../../runtime/run-folder.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { newFolder } from '../new-place.ts';
import type { Paint } from '../paint.ts';
import { watched } from '../run-view.ts';
import { terminalLine } from '../terminal-text.ts';
import { formatDuration } from '../timeline-layout.ts';

export interface ReplayFlags {
  readonly repo?: string;
  readonly setup?: string;
  readonly test?: string;
  readonly keep?: string;
  readonly json?: string;
  readonly verbose?: boolean;
}

const fields = [
  'schema',
  'verdict',
  'reason',
  'runId',
  'baseSha',
  'recorded',
  'replayed',
  'turns',
  'firstDifference',
  'patchPath',
  'trajectory',
  'durations',
] as const satisfies readonly (keyof ReplayReport)[];

export function define(command: Command, cli: Cli): void {
  command
    .argument('<run|file>', 'id of a run that ran here, folder of a run, or a trajectory.jsonl')
    .option('--repo <path>', "repository that holds the base commit; the run's own copy or this folder when absent")
    .option('--setup <command>', 'prepares the workspace, as in the recorded run')
    .option('--test <command>', 'proves the work, as in the recorded run')
    .option('--keep <dir>', 'leave the new trajectory and patch there')
    .option('--verbose', 'show all output')
    .option(...jsonOption)
    .action((target: string, flags: ReplayFlags) =>
      cli.run(async (io) => {
        const { replayRun } = await import('../../runtime/replay-run.ts');
        return replay(target, flags, io, replayRun);
      }),
    );
}

export async function replay(target: string, flags: ReplayFlags, io: CliIo, replayRun: ReplayRun): Promise<ExitCode> {
  checkFields(flags.json, fields);
  const trajectory = await findTrajectory(target, io.cwd, io.environment.stateDir);
  const named = flags.repo === undefined ? await keptRepository(trajectory) : path.resolve(io.cwd, flags.repo);
  const options: ReplayRunOptions = {
    trajectory,
    repository: named ?? io.cwd,
    ...(flags.setup === undefined ? {} : { setupCommand: flags.setup }),
    ...(flags.test === undefined ? {} : { testCommand: flags.test }),
    ...(flags.keep === undefined ? {} : { keepDir: await newFolder('--keep', path.resolve(io.cwd, flags.keep)) }),
  };
  const report = await watched(io, flags.verbose === true, (onEvent) => replayRun(options, onEvent, io.signal));
  io.stdout.write(flags.json === undefined ? replayText(report, io.paintOut) : jsonText(report, flags.json));
  return exitCodeOfVerdict(report.verdict);
}

function exitCodeOfVerdict(verdict: ReplayReport['verdict']): ExitCode {
  switch (verdict) {
    case 'same':
      return exitCodes.ok;
    case 'different':
      return exitCodes.runFailed;
    case 'incomplete':
      return exitCodes.pending;
    default:
      return verdict satisfies never;
  }
}

function replayText(report: ReplayReport, paint: Paint): string {
  const verdicts = {
    same: paint.good('the same patch'),
    different: paint.bad('a different patch'),
    incomplete: paint.warn('nothing to compare'),
  };
  const short = (sha: string | null): string => sha?.slice(0, 12) ?? 'none';
  const time = formatDuration(report.durations['total']);
  const lines = [
    `\n  ${[verdicts[report.verdict], `${report.turns} turns`, time].filter((part) => part !== '').join(' · ')}`,
  ];
  lines.push(`  tree     recorded ${short(report.recorded.treeSha)} · replayed ${short(report.replayed.treeSha)}`);
  if (report.verdict !== 'same') lines.push(`  ${terminalLine(report.reason, 400)}`);
  if (report.firstDifference !== null) {
    lines.push(`  first    turn ${report.firstDifference.turn}: ${terminalLine(report.firstDifference.what, 400)}`);
  }
  if (report.patchPath !== null) lines.push(`  patch    ${terminalLine(report.patchPath, 400)}`);
  return `${lines.join('\n')}\n`;
}
