import { excerptOf } from './checks/excerpt.ts';
import { counted } from './counted.ts';
import { asCodeBlock, asCodeSpan, neutraliseInline, neutraliseMarkdown } from './outgoing-text.ts';
import type { VerificationEvidence, VerificationReport, VerificationVerdict } from './reports/verification-report.ts';
import { couldNotRun } from './reports/verification-verdict.ts';
import { testText } from './step-summary.ts';
import type { TestRun } from './test-run.ts';

/** One file of the tester's tests, against what was there before. */
export interface ShownTest {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** A unified diff without its head; undefined for what is not text. */
  readonly diff: string | undefined;
}

export interface VerificationFacts {
  readonly role: string;
  /** Of the pull request, which the comment is on. */
  readonly pull: number;
  readonly base: { readonly branch: string; readonly sha: string };
  readonly headSha: string;
  /** Where the pull request is by now, when that is elsewhere. */
  readonly movedTo?: string;
  readonly report: VerificationReport;
  readonly evidence: VerificationEvidence;
  readonly verdict: VerificationVerdict;
  /** Files of the pull request that decide how tests run. Untrusted. */
  readonly bent: readonly string[];
  readonly tests: readonly ShownTest[];
}

export const verificationOp = 'verification';

const most = { summary: 6_000, line: 600, lines: 20, output: 4_000, diff: 20_000, files: 20 } as const;

/** Verdict first, then what was measured, then the test, then what nobody looked at. Only measurements make it green. */
export function verificationText(facts: VerificationFacts): string {
  const { role, pull, report, evidence, verdict, movedTo, headSha } = facts;
  const options = { issue: pull, maxLength: most.line };
  const moved = movedTo === undefined ? '' : ` It is at ${short(movedTo)} by now, which nobody has looked at.`;
  const blocks = [
    `### 🤖 ${role}: ${verdictWords(verdict)}`,
    `${verdictText(facts)} This is about ${short(headSha)}.${moved}`,
    evidence.missing === undefined ? '' : `Not measured: ${neutraliseInline(evidence.missing, options)}`,
    measured(facts),
    failure(facts),
    neutraliseMarkdown(report.summary, { issue: pull, maxLength: most.summary }),
    testsText(facts.tests),
    notVerified(facts),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

export function verdictWords(verdict: VerificationVerdict): string {
  switch (verdict) {
    case 'confirmed':
      return 'confirmed ✔';
    case 'not-fixed':
      return 'not fixed ✗';
    case 'not-reproduced':
      return 'nothing shown';
    case 'regressed':
      return 'something else broke ✗';
    case 'unproven':
      return 'not verified';
    default:
      return verdict satisfies never;
  }
}

function verdictText({ verdict, evidence, bent }: VerificationFacts): string {
  const suite =
    evidence.suiteOnHead === undefined
      ? 'The repository’s own tests were not run.'
      : 'The repository’s own tests got no worse.';
  switch (verdict) {
    case 'confirmed':
      return `A new test fails without this change and passes with it. ${suite}`;
    case 'not-fixed':
      return 'A new test fails without this change, and still fails with it.';
    case 'not-reproduced':
      return `The new test passes without this change as well, so it says nothing about it. ${suite}`;
    case 'regressed':
      return 'Tests that pass without this change, or fail less, get worse with it.';
    case 'unproven':
      return bent.length === 0
        ? 'Nothing was measured that speaks for this change or against it.'
        : `This pull request changes how tests run (${bentText(bent)}), so that they pass is no proof of it.`;
    default:
      return verdict satisfies never;
  }
}

function bentText(bent: readonly string[]): string {
  const named = bent.slice(0, 5).map((path) => asCodeSpan(path, 200));
  return bent.length > 5 ? `${named.join(', ')} and ${bent.length - 5} more` : named.join(', ');
}

function measured({ base, headSha, evidence }: VerificationFacts): string {
  const { onBase, onHead, suiteOnBase, suiteOnHead } = evidence;
  const rows = [row('the new test', onBase, onHead), row('all tests', suiteOnBase, suiteOnHead)].filter(
    (each) => each !== '',
  );
  if (rows.length === 0) return '';
  const head = `| | | ${cell(asCodeSpan(base.branch, 100))} at ${short(base.sha)} | this change at ${short(headSha)} |`;
  const where = 'Run by us, in places that the agent was never in.';
  return `${[head, '|---|---|---|---|', ...rows].join('\n')}\n\n${where}`;
}

function row(name: string, onBase: TestRun | undefined, onHead: TestRun | undefined): string {
  const command = (onHead ?? onBase)?.command;
  if (command === undefined) return '';
  return `| ${name} | ${cell(asCodeSpan(command, 1_000))} | ${told(onBase)} | ${told(onHead)} |`;
}

function told(run: TestRun | undefined): string {
  if (run === undefined) return 'not run';
  if (couldNotRun(run)) return `could not be run (exit code ${run.exitCode})`;
  return run.exitCode === 0 ? `✔ ${testText(run)}` : `✗ ${testText(run)} (${(run.durationMs / 1_000).toFixed(1)} s)`;
}

/** How the failure shows that the verdict rests on. */
function failure({ verdict, evidence }: VerificationFacts): string {
  const run = failingRun(verdict, evidence);
  if (run === undefined) return '';
  const where = verdict === 'confirmed' ? 'without this change' : 'with this change';
  const said = excerptOf(run.output, most.output) || run.output.slice(-most.output);
  if (said.trim() === '') return '';
  return `<details><summary>How it fails ${where}</summary>\n\n${asCodeBlock(said, most.output)}\n\n</details>`;
}

/** The run that tells most: of a confirmed change how it was without it, else what goes wrong with it. */
export function failingRun(verdict: VerificationVerdict, evidence: VerificationEvidence): TestRun | undefined {
  const { onBase, onHead, suiteOnHead } = evidence;
  const fails = (run: TestRun | undefined): boolean => run !== undefined && (run.exitCode !== 0 || run.timedOut);
  switch (verdict) {
    case 'confirmed':
      return onBase;
    case 'not-fixed':
      return onHead;
    case 'regressed':
      return fails(onHead) && !fails(onBase) ? onHead : suiteOnHead;
    case 'not-reproduced':
    case 'unproven':
      return undefined;
    default:
      return verdict satisfies never;
  }
}

function testsText(tests: readonly ShownTest[]): string {
  if (tests.length === 0) return '';
  let room: number = most.diff;
  const shown = tests.slice(0, most.files).map(({ path, change, diff }) => {
    const name = `${asCodeSpan(path, 200)} (${change})`;
    if (diff === undefined || diff === '') return name;
    const part = Math.max(200, room);
    room -= Math.min(part, diff.length);
    return `${name}\n\n${asCodeBlock(diff, part, 'diff')}`;
  });
  const more = tests.length > shown.length ? [`and ${tests.length - shown.length} more files`] : [];
  const summary = `The test: ${counted(tests.length, 'file')}, in no branch`;
  return `<details><summary>${summary}</summary>\n\n${[...shown, ...more].join('\n\n')}\n\n</details>`;
}

function notVerified({ report, evidence, pull }: VerificationFacts): string {
  const said = report.notVerified.slice(0, most.lines);
  const lines = said.map((line) => `- ${neutraliseInline(line, { issue: pull, maxLength: most.line })}`);
  if (report.notVerified.length > said.length) lines.push(`- and ${report.notVerified.length - said.length} more`);
  if (evidence.suiteOnHead === undefined) lines.push('- whether the repository’s own tests pass with this change');
  lines.push('- other platforms, versions and services than those of the sandbox');
  return `**Not verified**\n\n${lines.join('\n')}`;
}

function short(sha: string): string {
  return `\`${sha.slice(0, 10)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
