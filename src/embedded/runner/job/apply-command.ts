import { parseWorkflowCommand, type WorkflowCommand } from '../io/workflow-command.ts';
import type { StepExecution } from './job-run.ts';

/** Takes one line of a step's output: obeys it when it is a workflow command, else puts it into the log. */
export function applyOutputLine(line: string, step: StepExecution): void {
  const command = line.includes('::') || line.includes('##[') ? parseWorkflowCommand(line) : undefined;
  const known = command !== undefined && Object.hasOwn(commands, command.name);
  const stopped = step.stopToken !== undefined;
  if (command !== undefined && stopped) resumeOrShow(command, line, step);
  else if (command !== undefined && known) obeyCommand(command, line, step);
  else step.channel.log.write(line);
}

function obeyCommand(command: WorkflowCommand, line: string, step: StepExecution): void {
  if (step.echo && !silent.has(command.name)) step.channel.log.write(line);
  commands[command.name]?.(command, step, line);
}

/** While commands are stopped only the token itself is one; everything else is what the step wanted to show. */
function resumeOrShow(command: WorkflowCommand, line: string, step: StepExecution): void {
  if (command.name === step.stopToken?.toLowerCase()) step.stopToken = undefined;
  step.channel.log.write(line);
}

type Obey = (command: WorkflowCommand, step: StepExecution, line: string) => void;

const silent = new Set([
  'debug',
  'error',
  'warning',
  'notice',
  'group',
  'endgroup',
  'add-mask',
  'echo',
  'stop-commands',
]);

const commands: Readonly<Record<string, Obey>> = {
  debug: (command, step) => {
    if (step.frame.job.debug) step.channel.log.write(`##[debug]${command.data}`);
  },
  error: (command, step) => step.channel.annotate('error', command.data, command.properties),
  warning: (command, step) => step.channel.annotate('warning', command.data, command.properties),
  notice: (command, step) => step.channel.annotate('notice', command.data, command.properties),
  group: (command, step) => step.channel.log.write(`##[group]${command.data}`),
  endgroup: (_, step) => step.channel.log.write('##[endgroup]'),
  'add-mask': (command, step) => {
    if (command.data.trim() === '')
      step.channel.annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
    else step.frame.job.masker.add(command.data);
  },
  echo: (command, step) => {
    const word = command.data.trim().toLowerCase();
    if (word === 'on' || word === 'off') step.echo = word === 'on';
    else
      fail(
        step,
        `Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${command.data}'.`,
      );
  },
  'stop-commands': (command, step, line) => {
    const token = command.data;
    const known = Object.hasOwn(commands, token.toLowerCase()) || token.toLowerCase() === 'pause-logging';
    if (token.trim() === '' || known) {
      fail(step, `The 'stop-commands' token '${token}' is empty or the name of a command; use a random one.`);
      return;
    }
    step.stopToken = token;
    if (token.length > 6) step.frame.job.masker.add(token);
    step.channel.log.write(line);
  },
  'set-output': (command, step) => saveDeprecated(command, step, step.outputs),
  'save-state': (command, step) => saveDeprecated(command, step, step.state),
  'set-env': (command, step) => refuseInsecure(command, step),
  'add-path': (command, step) => refuseInsecure(command, step),
  // Problem matchers only add annotations to output that is in the log anyway; they are not applied here.
  'add-matcher': () => {},
  'remove-matcher': () => {},
};

/** GitHub announced the end of these two in 2022, put it off in 2023, and still obeys them with a warning. */
function saveDeprecated(command: WorkflowCommand, step: StepExecution, target: Record<string, string>): void {
  const name = command.properties.get('name') ?? '';
  if (name === '') {
    fail(step, `Required field 'name' is missing in ##[${command.name}] command.`);
    return;
  }
  step.channel.annotate(
    'warning',
    `The \`${command.name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.`,
  );
  target[name] = command.data;
}

function refuseInsecure(command: WorkflowCommand, step: StepExecution): void {
  fail(step, `The \`${command.name}\` command is disabled. Please upgrade to using Environment Files.`);
}

function fail(step: StepExecution, message: string): void {
  step.failed = true;
  step.channel.annotate('error', message);
}
