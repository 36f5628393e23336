import type { Command } from 'commander';
import { type ExitCode, exitCodeOf, exitCodes } from '../../domain/outcome.ts';
import type { RunTeamStep, TeamStanding, TeamStepReport } from '../../domain/team-run.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { gitHubAccess, gitHubIssueOf } from '../github-issue.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { watched } from '../run-view.ts';
import { addSettingOptions, settingsOfARun } from '../setting-options.ts';
import { terminalLine } from '../terminal-text.ts';
import { withoutWalls } from '../without-walls.ts';

export interface TeamFlags {
  readonly github?: string;
  readonly issue?: string;
  readonly once?: boolean;
  readonly json?: string;
  readonly verbose?: boolean;
  readonly model?: string;
  readonly sandbox?: string | undefined;
}

const fields = ['run', 'team'] as const satisfies readonly (keyof TeamStepReport)[];

export function define(command: Command, cli: Cli): void {
  command
    .requiredOption('--github <owner/repo>', 'the repository; its .github/entropy.yml says which stages there are')
    .requiredOption('--issue <n>', 'number of the issue')
    .option('--once', 'do one step and end; without it one after the other, each in a process of its own')
    .option('--verbose', 'show all output')
    .option(...jsonOption);
  addSettingOptions(command, settingsOfARun);
  command.action((flags: TeamFlags) =>
    cli.run(async (io) => {
      if (flags.once !== true) return allSteps(flags, io);
      const { runTeamStep } = await import('../../runtime/team-step.ts');
      return oneStep(flags, io, runTeamStep);
    }),
  );
}

export async function oneStep(given: TeamFlags, io: CliIo, runTeamStep: RunTeamStep): Promise<ExitCode> {
  const { flags, walls } = withoutWalls(given, io.environment);
  checkFields(flags.json, fields);
  const options = { ...gitHubIssueOf(flags), ...(await gitHubAccess(flags, io)), ...walls };
  const report = await watched(io, flags.verbose === true, (onEvent) => runTeamStep(options, onEvent, io.signal));
  io.stdout.write(flags.json === undefined ? standingText(report.team) : jsonText(report, flags.json));
  return exitCodeOfStep(report);
}

/** Pending: somebody is to be started, and `--once` started nobody else. */
function exitCodeOfStep({ run, team }: TeamStepReport): ExitCode {
  if (team === null) return run === null ? exitCodes.failed : exitCodeOf(run.outcome);
  if (team.state === 'over') return exitCodes.ok;
  return exitCodes.pending;
}

/** A process each, so that none knows the key of the model for longer than its step, and any of them may be killed. */
async function allSteps(flags: TeamFlags, io: CliIo): Promise<ExitCode> {
  const { repository, issue } = gitHubIssueOf(flags);
  const { runStepProcess } = await import('../../runtime/team-process.ts');
  const again = commandLineOf(flags);
  for (;;) {
    const { standing, exitCode } = await runStepProcess({ arguments: again, signal: io.signal, stderr: io.stderr });
    const goesOn = standing?.state === 'pending';
    if (!goesOn) {
      io.stdout.write(
        flags.json === undefined ? standingText(standing) : jsonText({ run: null, team: standing }, flags.json),
      );
      return exitCode;
    }
    io.stderr.write(`  ${repository.owner}/${repository.name}#${issue} · ${standing.stage}, round ${standing.round}\n`);
  }
}

function commandLineOf({ json: _, once: __, ...flags }: TeamFlags): readonly string[] {
  const given = Object.entries(flags).flatMap(([name, value]): readonly string[] => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === true) return [option];
    return [value].flat().flatMap((one) => (typeof one === 'string' ? [`${option}=${one}`] : []));
  });
  return ['team', ...given, '--once', '--json=team'];
}

function standingText(team: TeamStanding | null): string {
  if (team === null) return 'no team: set team.stages in .github/entropy.yml\n';
  const { stage, round, maxRounds, state, what, pullRequest } = team;
  const pull = pullRequest === null ? '' : ` · pull request #${pullRequest}`;
  const why = what === null ? '' : ` · ${terminalLine(what, 300)}`;
  return `#${team.issue} · ${stage} · ${state} · round ${round} of ${maxRounds}${pull}${why}\n`;
}
