import type { LoopEnd } from '../agent/loop-end.ts';
import { type BudgetLimit, type BudgetLimits, formatUsd } from '../domain/budget.ts';
import { counted } from '../domain/counted.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PatchManifest } from '../domain/patch.ts';
import type { RoleReport } from '../domain/reports/role-report.ts';
import type { VerificationEvidence } from '../domain/reports/verification-report.ts';
import { verificationVerdict } from '../domain/reports/verification-verdict.ts';
import type { WorkKind } from '../domain/roles/work-kind.ts';
import type { TestProof } from '../domain/run-result.ts';
import { cautionOf, runsCommands, type SandboxRung } from '../domain/sandbox-rung.ts';
import { isChecked, whyUnchecked } from '../domain/test-proof.ts';
import type { TestRun } from '../domain/test-run.ts';
import { describeFailure } from '../domain/test-verdict.ts';

export interface EndOfRun {
  readonly end: LoopEnd;
  readonly work: WorkKind;
  readonly patch: PatchManifest | undefined;
  readonly testsAfter: TestRun | undefined;
  readonly proof: TestProof | undefined;
  readonly verification: VerificationEvidence | undefined;
  readonly rung: SandboxRung;
  readonly limits: BudgetLimits;
  /** What went wrong while the work in progress was saved, if anything did. */
  readonly lost: string | undefined;
}

/** How a run ended, for people: the outcome, why, what is kept, and whether trying again helps. */
export function describeEnd(run: EndOfRun): { readonly outcome: Outcome; readonly reason: string } {
  const { end, patch } = run;
  switch (end.kind) {
    case 'submitted':
      if (patch === undefined) {
        return { outcome: 'no_change', reason: `Nothing was changed: ${sentence(end.submission.title)}` };
      }
      return { outcome: 'succeeded', reason: describeTests(run) };
    case 'reported':
      return { outcome: 'succeeded', reason: describeReport(end.report, run) };
    case 'asked': {
      const questions = counted(end.questions.length, 'question needs', 'questions need');
      return { outcome: 'needs_info', reason: `${questions} an answer before the work can go on.${kept(run)}` };
    }
    case 'over-budget': {
      const because = end.reason === undefined ? '' : ` (${end.reason})`;
      const advice = 'A larger budget would let a new run go further.';
      return {
        outcome: 'over_budget',
        reason: `The budget of ${amount(end.limit, run.limits)} is used up${because}.${kept(run)} ${advice}`,
      };
    }
    case 'cancelled':
      return { outcome: 'cancelled', reason: `Stopped: ${sentence(end.reason)}${kept(run)}` };
    case 'gave-up':
      return {
        outcome: 'failed',
        reason: `The model did not get to an end: ${sentence(end.reason)}${kept(run)} Another try may go better.`,
      };
    case 'unproven':
      return {
        outcome: 'failed',
        reason: `The ${run.work} could not be handed in: ${sentence(end.reason)}${kept(run)} Another try may go better; a clearer issue helps most.`,
      };
    case 'failed': {
      const advice = end.retryable
        ? 'Trying again later may help.'
        : 'Trying again does not help until this is solved.';
      return { outcome: 'failed', reason: `${sentence(end.reason)}${kept(run)} ${advice}` };
    }
    default:
      return end satisfies never;
  }
}

function describeTests({ testsAfter: run, proof, rung }: EndOfRun): string {
  const caution = cautionOf(rung);
  if (run === undefined) {
    const why = runsCommands(rung) ? 'No test command is configured, so no tests were run on it.' : '';
    return ['The change is ready.', why, caution ?? ''].filter((part) => part !== '').join(' ');
  }
  const passes = run.exitCode === 0;
  const told = passes
    ? `The change is ready, and \`${run.command}\` passes`
    : `The change is ready. \`${run.command}\` fails with it as it did before (${describeFailure(run)})`;
  const worth = isChecked(proof) ? '.' : `; not checked independently: ${whyUnchecked(proof)}.`;
  return `${told}${worth}${caution === undefined ? '' : ` ${caution}`}`;
}

function describeReport(report: RoleReport, { verification }: EndOfRun): string {
  switch (report.kind) {
    case 'plan':
      return `The plan is ready: ${counted(report.steps.length, 'step')}.`;
    case 'triage': {
      const open =
        report.questions.length === 0 ? '' : ` ${counted(report.questions.length, 'question')} to the author.`;
      return `The issue was read: ${report.type}, size ${report.size}, priority ${report.priority}.${open}`;
    }
    case 'review':
      return `The review is ready: ${counted(report.findings.length, 'finding')}.`;
    case 'verification':
      return `The verification is done: ${verificationVerdict(verification ?? {})}.`;
    default:
      return report satisfies never;
  }
}

function kept({ work, patch, lost }: EndOfRun): string {
  // Other work leaves nothing behind that somebody could miss.
  if (work !== 'change') return '';
  if (lost !== undefined) return ` What was done so far could not be saved: ${sentence(lost)}`;
  if (patch === undefined) return ' No file was changed.';
  return ` ${counted(patch.files.length, 'changed file is', 'changed files are')} kept with the run.`;
}

function amount(limit: BudgetLimit, limits: BudgetLimits): string {
  switch (limit) {
    case 'turns':
      return counted(limits.maxTurns, 'turn');
    case 'tokens':
      return counted(limits.maxTokens, 'token');
    case 'cost':
      return `${formatUsd(limits.maxCostMicroUsd)} USD`;
    case 'minutes':
      return counted(limits.maxMinutes, 'minute');
    default:
      return limit satisfies never;
  }
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
