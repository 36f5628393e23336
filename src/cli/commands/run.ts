import path from 'node:path';
import type { Command } from 'commander';
import { isPlanPrefix, planDigits } from '../../domain/held/plan-name.ts';
import type { GitHubRunReport, LocalDelivery, LocalReport, RunLocal, RunOnGitHub } from '../../domain/local-run.ts';
import { type ExitCode, exitCodeOf } from '../../domain/outcome.ts';
import { checkedSettings } from '../../runtime/checked-settings.ts';
import type { Cli, CliIo } from '../cli-io.ts';
import { gitHubAccess, gitHubIssueOf } from '../github-issue.ts';
import { readIssueFile } from '../issue-file.ts';
import { checkFields, jsonOption, jsonText } from '../json-output.ts';
import { readModel } from '../model-option.ts';
import { newFile, newFolder } from '../new-place.ts';
import { replayHint, runReportFields, summaryText, watched } from '../run-view.ts';
import { addSettingOptions, readSettingOptions, settingsOfARun } from '../setting-options.ts';
import { usage } from '../usage-error.ts';
import { withoutWalls } from '../without-walls.ts';

export interface RunFlags {
  readonly repo?: string;
  readonly issue?: string;
  readonly task?: string;
  readonly github?: string;
  readonly approve?: string;
  readonly patch?: string;
  readonly branch?: string | true;
  readonly keep?: string;
  readonly json?: string;
  readonly verbose?: boolean;
  readonly model?: string;
  readonly sandbox?: string | undefined;
}

const localFields = [...runReportFields, 'repository'] as const satisfies readonly (keyof LocalReport)[];
const githubFields = [
  ...runReportFields,
  'pullRequest',
  'delivered',
  'issueUrl',
] as const satisfies readonly (keyof GitHubRunReport)[];

export function define(command: Command, cli: Cli): void {
  command
    .option('--repo <path>', 'the local git repository; the one around this folder when absent')
    .option('--issue <file.md|n>', 'the task as a Markdown file; with --github the number of an issue')
    .option('--task <text>', 'the task in one line, instead of a file')
    .option('--patch <file>', 'write the patch there (git apply takes it); the default is the folder of the run')
    .option('--branch [name]', 'make a local branch with the change instead; it is not checked out')
    .option('--github <owner/repo>', 'work on an issue of GitHub and open a pull request (GITHUB_TOKEN or GH_TOKEN)')
    .option('--approve <plan>', 'with --github: publish the change that waits for approval, by the hash of its plan')
    .option('--keep <dir>', 'leave trajectory and patch there')
    .option('--verbose', 'show all output')
    .option(...jsonOption);
  addSettingOptions(command, settingsOfARun);
  command.action((flags: RunFlags) =>
    cli.run(async (io) => {
      if (flags.github !== undefined) {
        const { runOnGitHub } = await import('../../runtime/github-run.ts');
        return runGitHubIssue(flags, flags.github, io, runOnGitHub);
      }
      const { runLocal } = await import('../../runtime/local-run.ts');
      return runLocalTask(flags, io, runLocal);
    }),
  );
}

export async function runLocalTask(given: RunFlags, io: CliIo, runLocal: RunLocal): Promise<ExitCode> {
  const { flags, walls } = withoutWalls(given, io.environment);
  checkFields(flags.json, localFields);
  if (flags.approve !== undefined)
    throw usage('--approve is for issues of GitHub', 'add --github OWNER/REPO --issue 42');
  const { patch, branch } = flags;
  if (patch !== undefined && branch !== undefined) throw usage('--patch and --branch exclude each other', 'choose one');
  const task = await readTask(flags, io);
  const settingFlags = readSettingOptions({ ...flags });
  const { detectRepository } = await import('../../runtime/detect-repository.ts');
  const { readRepositoryConfig } = await import('../../runtime/repository-config.ts');
  const { environment, signal, cwd } = io;
  const { hostPath, githubServerUrl } = environment;
  const start = path.resolve(cwd, flags.repo ?? '.');
  const { root } = await detectRepository({ start, hostPath, githubServerUrl, signal });
  const settings = checkedSettings([await readRepositoryConfig(root), environment.settings, settingFlags]).values;
  const model = await readModel(settings.model, io);
  const delivery: LocalDelivery =
    branch === undefined
      ? {
          kind: 'patch-file',
          ...(patch === undefined ? {} : { path: await newFile('--patch', path.resolve(cwd, patch)) }),
        }
      : { kind: 'branch', ...(branch === true ? {} : { name: branch }) };
  const options = { repository: root, task, model, settings, delivery, ...walls, ...(await keep(flags, io)) };
  const report = await watched(io, flags.verbose === true, (onEvent) => runLocal(options, onEvent, signal));
  const apply = report.patchPath === null ? null : `git -C ${root} apply ${report.patchPath}`;
  const links = [
    ['patch', report.patchPath],
    ['look', report.branch === null ? null : `git -C ${root} show ${report.branch}`],
    ['apply', report.branch === null ? apply : null],
    ['replay', replayHint(report, io, root)],
  ] as const;
  io.stdout.write(flags.json === undefined ? summaryText(report, links, io.paintOut) : jsonText(report, flags.json));
  return exitCodeOf(report.outcome);
}

export async function runGitHubIssue(
  given: RunFlags,
  name: string,
  io: CliIo,
  runOnGitHub: RunOnGitHub,
): Promise<ExitCode> {
  const { flags, walls } = withoutWalls(given, io.environment);
  checkFields(flags.json, githubFields);
  const misplaced = (['repo', 'task', 'patch', 'branch'] as const).find((flag) => flags[flag] !== undefined);
  if (misplaced !== undefined) throw usage(`--${misplaced} has no meaning with --github`, `leave out --${misplaced}`);
  const subject = gitHubIssueOf({ ...flags, github: name });
  const access = await gitHubAccess(flags, io);
  const plan = flags.approve?.toLowerCase();
  if (plan !== undefined && !isPlanPrefix(plan)) {
    throw usage(
      `--approve ${flags.approve} is not the hash of a plan`,
      `give all ${planDigits} digits of it that the comment shows`,
    );
  }
  const options = {
    ...{ ...subject, ...access, ...walls },
    ...(plan === undefined ? {} : { approve: plan }),
    ...(await keep(flags, io)),
  };
  const report = await watched(io, flags.verbose === true, (onEvent) => runOnGitHub(options, onEvent, io.signal));
  const links = [
    ['look', report.pullRequest?.url ?? report.delivered?.url ?? report.issueUrl],
    ['replay', replayHint(report, io)],
  ] as const;
  io.stdout.write(flags.json === undefined ? summaryText(report, links, io.paintOut) : jsonText(report, flags.json));
  return exitCodeOf(report.outcome);
}

async function readTask(flags: RunFlags, io: CliIo) {
  const { task, issue } = flags;
  if (task !== undefined && issue !== undefined) throw usage('--task and --issue exclude each other', 'choose one');
  if (issue !== undefined) return readIssueFile(path.resolve(io.cwd, issue));
  if (task === undefined || task.trim() === '') {
    throw usage('there is no task', 'add --task "Fix the …" or --issue FILE.md; for an issue on GitHub add --github');
  }
  const [title = '', ...rest] = task.trim().split('\n');
  return { title: title.slice(0, 256), body: title.length > 256 ? task.trim() : rest.join('\n').trim() };
}

async function keep(flags: RunFlags, io: CliIo): Promise<{ keepDir?: string }> {
  return flags.keep === undefined ? {} : { keepDir: await newFolder('--keep', path.resolve(io.cwd, flags.keep)) };
}
