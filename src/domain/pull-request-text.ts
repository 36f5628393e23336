import { formatUsd, totalTokens } from './budget.ts';
import { submissionTitle } from './commit-message.ts';
import { type Marker, marker } from './markers.ts';
import {
  asCodeBlock,
  asCodeSpan,
  neutraliseInline,
  neutraliseMarkdown,
  type OutgoingOptions,
} from './outgoing-text.ts';
import type { PatchManifest } from './patch.ts';
import type { RunResult, TestRun } from './run-result.ts';
import { testText } from './step-summary.ts';
import type { Task } from './task.ts';
import { judgeTests } from './test-verdict.ts';

export interface PullRequestFacts {
  readonly task: Task;
  /** Parsed, but still an agent's word: all texts in it are untrusted. */
  readonly result: RunResult;
  /** As it is published; after a merge another one than the agent handed over. */
  readonly manifest: PatchManifest;
  /** Tests run again after merging with what somebody else had pushed. */
  readonly testsMerged?: TestRun;
  /** SHA-256 of the recorded trajectory. */
  readonly trajectoryDigest?: string;
}

export const pullRequestOp = 'pull-request';
export const updateOp = 'update';

/** GitHub takes 65,536 characters; the agent's own words get a share, everything else is short. */
const maxAgentText = 20_000;
const maxTestOutput = 4_000;
const maxFileRows = 40;

export function pullRequestTitle(task: Task, result: RunResult): string {
  return submissionTitle(task, result, 120);
}

/** What was asked, what changed and why, what was run, what was not checked; then, folded, where it comes from. */
export function pullRequestBody(facts: PullRequestFacts): string {
  const { task } = facts;
  const blocks = [
    marker(markOf(task, pullRequestOp)),
    asked(task),
    ...change(facts),
    '## What was not checked',
    unchecked(facts),
    provenance(facts),
    `Closes #${task.issue.number}`,
  ];
  return `${join(blocks)}\n`;
}

/** What a later run adds to the body of the pull request that it went on with. */
export function pullRequestUpdate(facts: PullRequestFacts): string {
  const { task } = facts;
  const heading = `---\n\n## Update by run \`${task.runId}\``;
  return `\n\n${join([marker(markOf(task, updateOp)), heading, asked(task), ...change(facts), provenance(facts)])}\n`;
}

/** GitHub takes 65,536 characters. */
export const maxPullRequestBody = 65_000;

/** Told where it was opened, in the same step that closes it; undefined when there is no room left. */
export function supersededBody(body: string, why: string): string | undefined {
  const told = `${body.trimEnd()}\n\n---\n\nClosed by entropy-playground: ${why}.\n`;
  return told.length > maxPullRequestBody ? undefined : told;
}

function markOf(task: Task, op: string): Marker {
  return { issue: task.issue.number, fence: task.lease.fence, run: task.runId, op };
}

function join(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n\n');
}

function outgoing(task: Task, maxLength: number): OutgoingOptions {
  const host = /^https?:\/\/([^/?#]+)/.exec(task.links.issue)?.[1];
  return { issue: task.issue.number, allowedHosts: host === undefined ? [] : [host.toLowerCase()], maxLength };
}

function asked(task: Task): string {
  const title = neutraliseInline(task.issue.title, outgoing(task, 200));
  return `Asked in #${task.issue.number} by ${asCodeSpan(task.requestedBy.login, 60)}: ${title}`;
}

function change(facts: PullRequestFacts): string[] {
  const { task, result, manifest } = facts;
  const body = neutraliseMarkdown(result.submission?.body ?? '', outgoing(task, maxAgentText));
  const rows = manifest.files.slice(0, maxFileRows).map((file) => {
    const counts = file.lines === undefined ? 'binary' : `+${file.lines.added} −${file.lines.removed}`;
    return `| ${cell(asCodeSpan(file.path, 200))} | ${file.change} | ${counts} |`;
  });
  const more = manifest.files.length > maxFileRows ? `and ${manifest.files.length - maxFileRows} more files` : '';
  const table = ['| file | | lines |', '|---|---|---|', ...rows].join('\n');
  return ['## What changed and why', body, table, more, '## What was run', ...ran(facts)];
}

function ran({ task, result, testsMerged }: PullRequestFacts): string[] {
  const { testsBefore, testsAfter } = result;
  const claims = (result.submission?.verified ?? []).slice(0, 20);
  const said = claims.map((claim) => `- ${neutraliseInline(claim, outgoing(task, 500))}`).join('\n');
  const own = said === '' ? '' : `The agent says that it also verified:\n\n${said}`;
  if (testsAfter === undefined) return ['Nothing was run by us: there is no test command.', own];
  const command = cell(asCodeSpan(testsAfter.command, 200));
  const rows = [
    `| ${command} | ${testsBefore === undefined ? 'not run' : verdict(testsBefore)} | ${verdict(testsAfter)} |`,
    ...(testsMerged === undefined
      ? []
      : [`| the same, merged with what was pushed meanwhile | | ${verdict(testsMerged)} |`]),
  ];
  const shown = testsMerged ?? testsAfter;
  const output = `<details><summary>Its output after the change</summary>\n\n${asCodeBlock(shown.output, maxTestOutput)}\n\n</details>`;
  return [['| command | before | after |', '|---|---|---|', ...rows].join('\n'), output, own];
}

function verdict(run: TestRun): string {
  return `${run.exitCode === 0 ? '✔' : '✗'} ${testText(run)}`;
}

/** A home or an ignored file that the agent prepared can make any test command pass; a person must know that. */
const whereTestsRan =
  '- the tests in a fresh place: they ran in the sandbox in which the agent had worked, beside files of its own that are not part of this change';

function unchecked({ result }: PullRequestFacts): string {
  const { testsBefore, testsAfter } = result;
  const lines: string[] = [];
  if (testsAfter === undefined) lines.push('- whether the tests pass');
  else lines.push(whereTestsRan);
  if (testsAfter !== undefined && judgeTests(testsBefore, testsAfter).kind === 'still-fails')
    lines.push('- why the tests fail: they did before this change, and still do');
  lines.push('- anything that the command above does not cover: other platforms, versions, services');
  lines.push('- the checks of this repository; if none start below, it is because a workflow’s own token starts none');
  return lines.join('\n');
}

function provenance({ task, result, manifest, trajectoryDigest }: PullRequestFacts): string {
  const rows: (readonly [string, string])[] = [
    ['agent', `${task.agent.role}, entropy-playground ${task.agent.version}`],
    ['model', asCodeSpan(result.model, 100)],
    ['run', `\`${task.runId}\`, attempt ${task.attempt}, fence ${task.lease.fence}`],
    [
      'cost',
      `${formatUsd(result.spend.costMicroUsd)} USD, ${totalTokens(result.spend.usage)} tokens, ${result.spend.turns} turns`,
    ],
    ['sandbox', asCodeSpan(result.sandbox.description, 100)],
    ['base', `\`${manifest.base.sha}\``],
    ['tree', `\`${manifest.treeSha}\``],
    ...(trajectoryDigest === undefined ? [] : [['trajectory', `SHA-256 \`${trajectoryDigest}\``] as const]),
    ['replay', `\`entropy replay ${task.runId}\``],
    ...(task.links.workflowRun === undefined ? [] : [['log', `[workflow run](${task.links.workflowRun})`] as const]),
  ];
  const table = ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`)].join('\n');
  return `<details><summary>Where this comes from</summary>\n\n${table}\n\n</details>`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
