import type { PullChange } from '../domain/pull-change.ts';
import { briefedFindings } from '../domain/reports/answer-problems.ts';
import type { PlanReport } from '../domain/reports/plan-report.ts';
import { reviewProblems } from '../domain/reports/review-problems.ts';
import type { ReviewReport } from '../domain/reports/review-report.ts';
import { triageProblems } from '../domain/reports/triage-problems.ts';
import type { TriageReport } from '../domain/reports/triage-report.ts';
import type { Task } from '../domain/task.ts';
import type { Evidence, Judgement } from './judge-submission.ts';
import { refuseHandOver } from './refuse-hand-over.ts';

export interface JudgedReport {
  readonly task: Pick<Task, 'issue' | 'brief' | 'triage'>;
  /** Of the pull request that is reviewed. */
  readonly change: PullChange | undefined;
  readonly report: PlanReport | TriageReport | ReviewReport;
}

/** Lets a report through that speaks of what there is. The publisher checks it again: here it can still be put right. */
export function judgeReport(judged: JudgedReport, { refusals }: Evidence): Judgement {
  const problems = problemsOf(judged);
  if (problems.length === 0) return { verdict: { kind: 'accepted', output: 'Submitted.' }, evidence: { refusals } };
  const shown = problems.slice(0, 10).join('; ');
  const more = problems.length > 10 ? `; and ${problems.length - 10} more` : '';
  const verdict = refuseHandOver({
    why: `it does not fit what it is about: ${shown}${more}`,
    advice: 'Correct that and submit all of it again.',
    summary: '✗ does not fit',
    refusals: refusals + 1,
  });
  return { verdict, evidence: { refusals: refusals + 1 } };
}

function problemsOf({ task, change, report }: JudgedReport): readonly string[] {
  switch (report.kind) {
    // Its schema says all that can be said: at least one step, and how long it may be.
    case 'plan':
      return [];
    case 'triage':
      return triageProblems(report, { issue: task.issue.number, choices: task.triage });
    case 'review':
      return reviewProblems(report, { change, known: briefedFindings(task.brief) });
    default:
      return report satisfies never;
  }
}
