import { type CommandFileContents, summaryLimitBytes } from '../io/command-files.ts';
import type { KeyValueResult } from '../io/key-value-file.ts';
import type { StepExecution } from './job-run.ts';

/** What a process wrote into its command files takes effect when it has ended. */
export function applyCommandFiles(contents: CommandFileContents, step: StepExecution): void {
  const { job } = step.frame;
  for (const [name, value] of pairsOf('env', contents.env, step)) setVariable(name, value, step);
  for (const folder of contents.path) job.pathPrefix = [...job.pathPrefix.filter((known) => known !== folder), folder];
  for (const [name, value] of pairsOf('output', contents.output, step)) step.outputs[name] = value;
  for (const [name, value] of pairsOf('state', contents.state, step)) step.state[name] = value;
  applySummary(contents.summary, step);
}

function pairsOf(file: string, result: KeyValueResult, step: StepExecution): KeyValueResult['pairs'] {
  if (result.kind === 'invalid') {
    step.failed = true;
    step.channel.annotate('error', `Unable to process file command '${file}' successfully.`);
    step.channel.annotate('error', result.reason);
  }
  return result.pairs;
}

/** GitHub keeps this one variable out: with it, a step could run code in every later action. */
const blocked = 'NODE_OPTIONS';

function setVariable(name: string, value: string, step: StepExecution): void {
  if (name.toUpperCase() === blocked) {
    step.channel.annotate('error', `Can't store ${blocked} output parameter using '$GITHUB_ENV' command.`);
    return;
  }
  step.frame.job.env[name] = value;
}

function applySummary(summary: CommandFileContents['summary'], step: StepExecution): void {
  if (summary === undefined) return;
  if (summary.kind === 'text') {
    step.channel.summarise(summary.text);
    return;
  }
  const limit = summaryLimitBytes / 1024;
  const size = Math.ceil(summary.bytes / 1024);
  step.channel.annotate('error', `$GITHUB_STEP_SUMMARY supports content up to a size of ${limit}k, got ${size}k.`);
}
