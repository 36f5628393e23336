import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createCommandFiles } from '../io/command-files.ts';
import { type ProcessEnd, runProcess } from '../process/run-process.ts';
import type { Conclusion } from '../run-report.ts';
import { applyOutputLine } from './apply-command.ts';
import { applyCommandFiles } from './apply-command-files.ts';
import { githubVariables } from './github-context.ts';
import type { StepExecution } from './job-run.ts';
import { githubOfStep } from './step-scope.ts';

export interface StepCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** `INPUT_…` and `STATE_…` of an action. */
  readonly env: Readonly<Record<string, string>>;
  /** GITHUB_ACTION_REPOSITORY and GITHUB_ACTION_REF of an action of another repository. */
  readonly github?: Readonly<Record<string, string>>;
  /** Whether a person is told the exit code: scripts yes, actions speak for themselves. */
  readonly exitCode: 'announced' | 'silent';
}

/** Runs one process for a step with all that GitHub's runner gives it, and takes in what it says. */
export async function runStepProcess(command: StepCommand, step: StepExecution): Promise<Conclusion> {
  const { job } = step.frame;
  const files = createCommandFiles(job.folders.commands, randomUUID());
  try {
    const end = await runProcess({
      file: command.file,
      args: command.args,
      cwd: command.cwd,
      env: processEnvironment(command, step, files.paths),
      onLine: (line) => applyOutputLine(line, step),
      clock: job.services.clock,
      signal: step.signal,
      killSignal: job.killSignal,
      onStart: (pid) => job.sessions.push(pid),
    });
    applyCommandFiles(files.read(), step);
    const result = conclude(end, command, step);
    return result === 'success' && step.failed ? 'failure' : result;
  } finally {
    files.remove();
  }
}

function processEnvironment(
  command: StepCommand,
  step: StepExecution,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  const { job } = step.frame;
  const base = job.services.env;
  const searchPath = [...job.pathPrefix.toReversed(), step.env['PATH'] ?? base['PATH'] ?? ''];
  const runner = Object.entries(job.runner).map(([key, value]) => [`RUNNER_${key.toUpperCase()}`, String(value)]);
  return {
    CI: 'true',
    ...base,
    ...step.env,
    ...command.env,
    PATH: searchPath.filter((part) => part !== '').join(path.delimiter),
    ...githubVariables({ ...githubOfStep(step.frame, step.action), ...files, ...command.github }),
    ...Object.fromEntries(runner),
    GITHUB_ACTIONS: 'true',
    RUNNER_TRACKING_ID: job.trackingId,
    ...(job.idTokens && {
      ACTIONS_ID_TOKEN_REQUEST_URL: job.idTokens.url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.idTokens.token,
    }),
  };
}

function conclude(end: ProcessEnd, command: StepCommand, step: StepExecution): Conclusion {
  switch (end.kind) {
    case 'stopped':
      step.channel.annotate('error', 'The operation was canceled.');
      return 'cancelled';
    case 'not-started':
      step.channel.annotate('error', `${path.basename(command.file)} could not be started: ${end.reason}`);
      return 'failure';
    case 'killed':
      step.channel.annotate('error', `The process was ended by ${end.signal}.`);
      return 'failure';
    case 'exited': {
      if (end.exitCode === 0) return 'success';
      if (command.exitCode === 'announced')
        step.channel.annotate('error', `Process completed with exit code ${end.exitCode}.`);
      return 'failure';
    }
    default:
      return end satisfies never;
  }
}
