import { clipText } from '../../domain/output-clip.ts';
import type { PatchPolicy } from '../../domain/patch-policy.ts';
import type { PullChange } from '../../domain/pull-change.ts';
import { fullName } from '../../domain/repository.ts';
import { handsOverFiles, type WorkKind } from '../../domain/roles/work-kind.ts';
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
import { mergeIn, type Task } from '../../domain/task.ts';
import type { TestRun } from '../../domain/test-run.ts';
import { hasTool, mayUseTool, type ToolPolicy, toolNames } from '../../domain/tool-names.ts';
import { briefSections } from './brief-sections.ts';
import { choicesSection } from './choices-section.ts';
import { fence } from './fence.ts';
import { planSection } from './plan-section.ts';
import { pullSections } from './pull-sections.ts';
import { unfinishedSection } from './unfinished-section.ts';

const longestBody = 32_000;
const longestInstructions = 24_000;
const longestTestOutput = 2_500;

export interface TaskMessage {
  readonly text: string;
  /** What was taken out of texts from outside, where something was. */
  readonly sanitised: readonly SanitisedPlace[];
}

/** What is to be done, as the first message: rules and facts from us, then text from the outside, each piece fenced. */
export function taskMessage(task: Task, testsBefore: TestRun | undefined, change?: PullChange): TaskMessage {
  const read = readableIssue(task.issue);
  const told = readInstructions(task);
  const sections = [
    head(task),
    role(task),
    rules(task),
    tests(task, testsBefore),
    instructions(task, told),
    planSection(task.follows),
    unfinishedSection(task.unfinished),
    ...briefSections(task.brief, task.work),
    issue(task, read),
    comments(read),
    ...pullSections(task.pull, change),
    choicesSection(task.triage),
  ];
  const text = sections.filter((section) => section !== '').join('\n\n');
  const others = told.map(({ path, readable }) => [path, readable] as const);
  return { text, sanitised: [...read.sanitised, ...sanitisedPlaces(others)] };
}

function head(task: Task): string {
  const { base, command } = task;
  const lines = [
    `# ${taskSections.task}\n${asked(task)}, on ${base.branch} at ${base.sha.slice(0, 12)}. Asked for with \`/agent ${command.name}\` by @${task.requestedBy.login}.`,
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

function asked({ work, issue: { number }, pull, repository }: Task): string {
  const where = fullName(repository);
  const pulled = pull === undefined ? `the change for issue #${number}` : `pull request #${pull.number}`;
  const about = pull === undefined || pull.number === number ? '' : `, which is to solve issue #${number}`;
  const words: Readonly<Record<WorkKind, string>> = {
    change: `Solve issue #${number} of ${where}`,
    plan: `Plan how to solve issue #${number} of ${where}`,
    triage: `Read issue #${number} of ${where}`,
    review: `Review ${pulled} of ${where}${about}`,
    verification: `Verify ${pulled} of ${where}${about}`,
  };
  return words[work];
}

function reach(network: ListedNetwork): string {
  if (network.kind === 'none') return '';
  const { hosts, services } = network;
  const read =
    hosts.length === 0 ? [] : [`HTTPS, to read only, through the proxy in the environment: ${hosts.join(', ')}`];
  const local = services.map((port) => `a service at 127.0.0.1:${port}`);
  return `Commands reach ${[...read, ...local].join('; ')}.`;
}

/** Shipped, or from the default branch: trusted like the instructions of the repository, and made to be seen as those are. */
function role({ role: { name, instructions } }: Task): string {
  const text = readableTrusted(instructions).text.trim();
  return text === '' ? '' : `# ${taskSections.role}: ${name}\n${clipText(text, longestInstructions)}`;
}

function rules({ work, patchPolicy, tools }: Task): string {
  const lines = handsOverFiles(work) || work === 'plan' ? pathRules(patchPolicy) : [];
  const missing = missingTools(work, tools);
  if (missing.length > 0) lines.push(`This repository gives you no ${missing.join(', ')}: do without.`);
  return lines.length === 0 ? '' : `# ${taskSections.rules}\n${lines.join(' ')}`;
}

function pathRules(policy: PatchPolicy): string[] {
  const { roleAllowedPaths = [] } = policy;
  const lines = [`At most ${policy.maxFiles} files and ${Math.floor(policy.maxBytes / 1024)} KiB may change.`];
  if (policy.allowedPaths.length > 0) lines.push(`Only these paths may change: ${policy.allowedPaths.join(', ')}.`);
  if (roleAllowedPaths.length > 0) lines.push(`For your role only these of them: ${roleAllowedPaths.join(', ')}.`);
  if (policy.protectedPaths.length > 0) lines.push(`These may not: ${policy.protectedPaths.join(', ')}.`);
  if (policy.unprotectedPaths.length > 0) lines.push(`Allowed after all: ${policy.unprotectedPaths.join(', ')}.`);
  return lines;
}

function missingTools(work: WorkKind, tools: ToolPolicy | undefined): readonly string[] {
  return tools === undefined ? [] : toolNames.filter((name) => hasTool(name, work) && !mayUseTool(name, tools));
}

function tests(task: Task, before: TestRun | undefined): string {
  if (task.work === 'triage') return '';
  const notRun = task.work !== 'change' || mergeIn(task) !== undefined;
  if (before === undefined && task.testCommand !== undefined && notRun)
    return `# ${taskSections.tests}\nThe test command is \`${task.testCommand}\`; it was not run yet.`;
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
