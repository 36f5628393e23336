import { formatUsd, totalTokens } from './budget.ts';
import { submissionTitle } from './commit-message.ts';
import { counted } from './counted.ts';
import { shownPlan } from './held/plan-name.ts';
import { type Marker, marker } from './markers.ts';
import {
  asCodeBlock,
  asCodeSpan,
  neutraliseInline,
  neutraliseMarkdown,
  type OutgoingOptions,
} from './outgoing-text.ts';
import { passedOverText } from './passed-over-text.ts';
import type { PatchManifest } from './patch.ts';
import type { RunResult, TestProof } from './run-result.ts';
import { cautionOf, runsCommands } from './sandbox-rung.ts';
import { hiddenIn } from './sanitise/readable-issue.ts';
import { describeRemovals, type Tally } from './sanitise/removals.ts';
import { provenText, testText } from './step-summary.ts';
import type { Task } from './task.ts';
import type { WeakenedTest } from './test-changes/weakened-tests.ts';
import { weakenedWarning } from './test-changes/weakened-text.ts';
import { isChecked, whyUnchecked } from './test-proof.ts';
import type { TestRun } from './test-run.ts';
import { judgeTests } from './test-verdict.ts';

export interface PullRequestFacts {
  readonly task: Task;
  /** Parsed, but still an agent's word: all texts in it are untrusted. */
  readonly result: RunResult;
  /** As it is published; after a merge another one than the agent handed over. */
  readonly manifest: PatchManifest;
  /** What it does to tests. */
  readonly weakened?: readonly WeakenedTest[];
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
const maxWarnings = 20;

export function pullRequestTitle(task: Task, result: RunResult): string {
  return submissionTitle(task, result, 120);
}

/** What was asked, what changed and why, what was run, what was not checked; then, folded, where it comes from. */
export function pullRequestBody(facts: PullRequestFacts): string {
  const { task } = facts;
  const removed: Tally = {};
  const blocks = [
    marker(markOf(task, pullRequestOp)),
    ...warnings(facts),
    asked(task),
    ...change(facts, removed),
    '## What was not checked',
    unchecked(facts),
    passedOverText(facts.result.sandbox.passedOver),
    provenance(facts, removed),
    `Closes #${task.issue.number}`,
  ];
  return `${join(blocks)}\n`;
}

/** What a later run adds to the body of the pull request that it went on with. */
export function pullRequestUpdate(facts: PullRequestFacts): string {
  const { task } = facts;
  const removed: Tally = {};
  const heading = `---\n\n## Update by run \`${task.runId}\``;
  return `\n\n${join([marker(markOf(task, updateOp)), heading, ...warnings(facts), asked(task), ...change(facts, removed), passedOverText(facts.result.sandbox.passedOver), provenance(facts, removed)])}\n`;
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

/** What a reviewer has to know before all else. */
function warnings({ result, weakened = [] }: PullRequestFacts): readonly string[] {
  const { testsAfter, proof } = result;
  const failsElsewhere = testsAfter?.exitCode === 0 && proof?.room === 'own' && proof.fresh !== undefined;
  const unproven = `> [!WARNING]\n> **The tests pass only where the agent had worked.** ${sentence(whyUnchecked(proof))}`;
  return [weakenedWarning(weakened, maxWarnings), failsElsewhere ? unproven : ''];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function outgoing(task: Task, maxLength: number, removed?: Tally): OutgoingOptions {
  const ownAddress = /^https?:\/\/[^/?#]+\/[^/?#]+\/[^/?#]+\//.exec(task.links.issue)?.[0];
  return {
    issue: task.issue.number,
    maxLength,
    ...(ownAddress === undefined ? {} : { ownAddress }),
    ...(removed === undefined ? {} : { removed }),
  };
}

function asked(task: Task): string {
  const title = neutraliseInline(task.issue.title, outgoing(task, 200));
  const { approved, follows, requestedBy } = task;
  const by = asCodeSpan(approved?.askedBy ?? requestedBy.login, 60);
  const told = `Asked in #${task.issue.number} by ${by}: ${title}`;
  if (follows !== undefined) {
    const plan = `\`${shownPlan(follows.hash)}\``;
    return `${told}\n\nIt follows plan ${plan}, which ${asCodeSpan(follows.approvedBy, 60)} approved.`;
  }
  if (approved === undefined) return told;
  return `${told}\n\nHeld for approval; ${asCodeSpan(approved.by, 60)} approved it as plan \`${shownPlan(approved.plan)}\`.`;
}

function change(facts: PullRequestFacts, removed: Tally): string[] {
  const { task, result, manifest } = facts;
  const body = neutraliseMarkdown(result.submission?.body ?? '', outgoing(task, maxAgentText, removed));
  const rows = manifest.files.slice(0, maxFileRows).map((file) => {
    const counts = file.lines === undefined ? 'binary' : `+${file.lines.added} −${file.lines.removed}`;
    return `| ${cell(asCodeSpan(file.path, 200))} | ${file.change} | ${counts} |`;
  });
  const more = manifest.files.length > maxFileRows ? `and ${manifest.files.length - maxFileRows} more files` : '';
  const table = ['| file | | lines |', '|---|---|---|', ...rows].join('\n');
  return [mergeText(task), '## What changed and why', body, table, more, '## What was run', ...ran(facts, removed)];
}

/** Of a run that merged the base: what was done, and what was looked at before it was published. */
function mergeText({ base, continues }: Task): string {
  const { mergeOf } = continues ?? {};
  if (mergeOf === undefined) return '';
  const both = mergeOf.bothChanged.slice(0, maxFileRows).map((path) => `- ${asCodeSpan(path, 200)}`);
  const more =
    mergeOf.bothChanged.length > maxFileRows ? [`- and ${mergeOf.bothChanged.length - maxFileRows} more`] : [];
  const head = `${asCodeSpan(base.branch, 200)} at \`${base.sha.slice(0, 12)}\` was merged into this branch.`;
  const checked = 'Each change of either side was looked for in the result, and none is lost.';
  if (both.length === 0) return `${head} ${checked}`;
  return `${head} Both sides had changed:\n\n${[...both, ...more].join('\n')}\n\n${checked} The table is what this pull request changes on its new base.`;
}

function ran({ task, result, testsMerged }: PullRequestFacts, removed: Tally): string[] {
  const { testsBefore, testsAfter, proof } = result;
  const claims = (result.submission?.verified ?? []).slice(0, 20);
  const said = claims.map((claim) => `- ${neutraliseInline(claim, outgoing(task, 500, removed))}`).join('\n');
  const own = said === '' ? '' : `The agent says that it also verified:\n\n${said}`;
  const caution = cautionOf(result.sandbox.rung) ?? '';
  if (testsAfter === undefined) {
    const why = runsCommands(result.sandbox.rung) ? 'Nothing was run by us: there is no test command.' : '';
    return [caution, why, own];
  }
  const command = cell(asCodeSpan(testsAfter.command, 200));
  const before = testsBefore === undefined ? 'not run' : verdict(testsBefore);
  const fresh = proof?.room === 'own' ? proof.fresh : undefined;
  const rows = [
    `| ${command} | ${before} | ${mark(testsAfter)} ${provenText(testsAfter, proof)} |`,
    ...(fresh === undefined ? [] : [`| the same, in a fresh place | | ${verdict(fresh)} |`]),
    ...(testsMerged === undefined
      ? []
      : [`| the same, merged with what was pushed meanwhile | | ${verdict(testsMerged)} |`]),
  ];
  const shown = testsMerged ?? fresh ?? testsAfter;
  const output = `<details><summary>Its output after the change</summary>\n\n${asCodeBlock(shown.output, maxTestOutput)}\n\n</details>`;
  return [
    caution,
    ['| command | before | after |', '|---|---|---|', ...rows].join('\n'),
    output,
    leftOutText(proof),
    own,
  ];
}

/** What the agent had touched beside its change, so that nobody has to guess what the tests did not find. */
function leftOutText(proof: TestProof | undefined): string {
  if (proof === undefined || proof.leftOut.count === 0) return '';
  const { count, paths } = proof.leftOut;
  const more = count > paths.length ? `\n- and ${count - paths.length} more` : '';
  const lines = paths.map((path) => `- ${asCodeSpan(path, 200)}`).join('\n');
  return `<details><summary>Left out of the fresh place: ${counted(count, 'file', 'files')} that git ignores, made or changed since set-up</summary>\n\n${lines}${more}\n\n</details>`;
}

function verdict(run: TestRun): string {
  return `${mark(run)} ${testText(run)}`;
}

function mark(run: TestRun): string {
  return run.exitCode === 0 ? '✔' : '✗';
}

function unchecked({ task, result }: PullRequestFacts): string {
  const { testsBefore, testsAfter, proof } = result;
  const lines: string[] = [];
  if (testsAfter === undefined) lines.push('- whether the tests pass');
  else if (!isChecked(proof))
    lines.push(
      `- the tests, independently of the agent: ${neutraliseInline(whyUnchecked(proof), outgoing(task, 600))}`,
    );
  if (testsAfter !== undefined && judgeTests(testsBefore, testsAfter).kind === 'still-fails')
    lines.push('- why the tests fail: they did before this change, and still do');
  lines.push('- anything that the command above does not cover: other platforms, versions, services');
  lines.push('- the checks of this repository; if none start below, it is because a workflow’s own token starts none');
  return lines.join('\n');
}

function provenance({ task, result, manifest, trajectoryDigest }: PullRequestFacts, removed: Tally): string {
  const hidden = describeRemovals(hiddenIn(task.issue));
  const tamed = describeRemovals(removed);
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
    ...(hidden === '' ? [] : [['left out of the issue before the agent read it', hidden] as const]),
    ...(tamed === '' ? [] : [['made harmless in what the agent wrote', tamed] as const]),
    ['replay', `\`entropy replay ${task.runId}\``],
    ...(task.links.workflowRun === undefined ? [] : [['log', `[workflow run](${task.links.workflowRun})`] as const]),
  ];
  const table = ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`)].join('\n');
  return `<details><summary>Where this comes from</summary>\n\n${table}\n\n</details>`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
