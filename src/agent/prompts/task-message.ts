import { clipText } from '../../domain/output-clip.ts';
import type { PatchPolicy } from '../../domain/patch-policy.ts';
import { fullName } from '../../domain/repository.ts';
import { type ListedNetwork, noNetwork } from '../../domain/sandbox-network.ts';
import { taskSections } from '../../domain/sanitise/imitated-marks.ts';
import {
  longestComment,
  type ReadableIssue,
  readableIssue,
  type SanitisedPlace,
  sanitisedPlaces,
} from '../../domain/sanitise/readable-issue.ts';
import { readableTrusted } from '../../domain/sanitise/readable-text.ts';
import type { Task } from '../../domain/task.ts';
import type { TestRun } from '../../domain/test-run.ts';
import { mayUseTool, type ToolPolicy, toolNames } from '../../domain/tool-names.ts';
import { fence } from './fence.ts';

const longestBody = 32_000;
const longestInstructions = 24_000;
const longestTestOutput = 2_500;

export interface TaskMessage {
  readonly text: string;
  /** What was taken out of texts from outside, where something was. */
  readonly sanitised: readonly SanitisedPlace[];
}

/** What is to be done, as the first message: rules and facts from us, then text from the outside, each piece fenced. */
export function taskMessage(task: Task, testsBefore: TestRun | undefined): TaskMessage {
  const read = readableIssue(task.issue);
  const told = readInstructions(task);
  const sections = [
    head(task),
    rules(task.patchPolicy, task.tools),
    tests(testsBefore),
    instructions(task, told),
    issue(task, read),
    comments(read),
  ];
  const text = sections.filter((section) => section !== '').join('\n\n');
  const others = told.map(({ path, readable }) => [path, readable] as const);
  return { text, sanitised: [...read.sanitised, ...sanitisedPlaces(others)] };
}

function head(task: Task): string {
  const { issue: snapshot, base, command } = task;
  const lines = [
    `# ${taskSections.task}\nSolve issue #${snapshot.number} of ${fullName(task.repository)}, on ${base.branch} at ${base.sha.slice(0, 12)}. Asked for with \`/agent ${command.name}\` by @${task.requestedBy.login}.`,
  ];
  if (task.continues !== undefined) {
    lines.push(
      `An earlier run's branch ${task.continues.branch} (pull request #${task.continues.pullRequest}) is checked out: go on from its changes.`,
    );
  }
  const network = reach(task.network?.agent ?? noNetwork);
  if (network !== '') lines.push(network);
  return lines.join('\n');
}

function reach(network: ListedNetwork): string {
  if (network.kind === 'none') return '';
  const { hosts, services } = network;
  const read =
    hosts.length === 0 ? [] : [`HTTPS, to read only, through the proxy in the environment: ${hosts.join(', ')}`];
  const local = services.map((port) => `a service at 127.0.0.1:${port}`);
  return `Commands reach ${[...read, ...local].join('; ')}.`;
}

function rules(policy: PatchPolicy, tools: ToolPolicy | undefined): string {
  const lines = [`At most ${policy.maxFiles} files and ${Math.floor(policy.maxBytes / 1024)} KiB may change.`];
  if (policy.allowedPaths.length > 0) lines.push(`Only these paths may change: ${policy.allowedPaths.join(', ')}.`);
  if (policy.protectedPaths.length > 0) lines.push(`These may not: ${policy.protectedPaths.join(', ')}.`);
  if (policy.unprotectedPaths.length > 0) lines.push(`Allowed after all: ${policy.unprotectedPaths.join(', ')}.`);
  const missing = tools === undefined ? [] : toolNames.filter((name) => !mayUseTool(name, tools));
  if (missing.length > 0) lines.push(`This repository gives you no ${missing.join(', ')}: do without.`);
  return `# ${taskSections.rules}\n${lines.join(' ')}`;
}

function tests(before: TestRun | undefined): string {
  if (before === undefined)
    return `# ${taskSections.tests}\nNo test command is configured. Find out how this repository tests itself.`;
  const command = `# ${taskSections.tests}\nThe test command is \`${before.command}\`.`;
  const seconds = Math.max(1, Math.round(before.durationMs / 1000));
  if (before.exitCode === 0) return `${command} Before any change it passes (${seconds} s).`;
  const how = before.timedOut ? `had not ended after ${seconds} s` : `ends with exit code ${before.exitCode}`;
  const output = fence('output of the test command', clipText(before.output.trim(), longestTestOutput));
  return `${command} Before any change it ${how}; do not make it worse.\n${output}`;
}

/** Maintainers wrote them; what nobody could see when it was reviewed is not from them. */
function readInstructions(task: Task) {
  return task.instructions.map(({ path, text }) => ({ path, readable: readableTrusted(text) }));
}

function instructions(task: Task, told: ReturnType<typeof readInstructions>): string {
  const parts = told.map(({ path, readable }) => `## ${path}\n${readable.text.trim()}`);
  if (task.prompt !== undefined && task.prompt.trim() !== '') parts.push(`## From the workflow\n${task.prompt.trim()}`);
  if (parts.length === 0) return '';
  const text = clipText(parts.join('\n\n'), longestInstructions);
  return `# ${taskSections.instructions}\nFollow them where they fit the task; the rules above stand.\n\n${text}`;
}

function issue({ issue: { author } }: Task, { title, body, labels }: ReadableIssue): string {
  const parts = [`# ${taskSections.issue}\n${fence(`title, by @${author}`, title)}`];
  if (body.trim() !== '') parts.push(fence(`text, by @${author}`, clipText(body, longestBody)));
  if (labels.length > 0) parts.push(fence('labels', labels.join('\n')));
  return parts.join('\n');
}

function comments({ comments: shown, leftOut }: ReadableIssue): string {
  if (shown.length === 0 && leftOut === 0) return '';
  const fences = shown.map(({ author, createdAt, body }) =>
    fence(`comment by @${author}, ${createdAt}`, clipText(body, longestComment)),
  );
  const note = leftOut === 0 ? '' : `\n[the ${leftOut} oldest comments are left out]`;
  return `# ${taskSections.comments}${note}\n${fences.join('\n')}`;
}
