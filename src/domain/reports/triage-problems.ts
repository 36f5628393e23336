import type { TriageChoices } from '../task.ts';
import type { TriageReport } from './triage-report.ts';

/**
 * What of a triage cannot be done: labels and milestones that the repository has not, issues that nobody told of, the issue itself. Empty when
 * all of it can. Labels are compared as they are written: the one that is set must be one that there is.
 */
export function triageProblems(
  { labels, related, milestone }: TriageReport,
  { issue, choices }: { readonly issue: number; readonly choices: TriageChoices | undefined },
): readonly string[] {
  const known = new Set(choices?.labels);
  const numbers = new Set(choices?.candidates.map((candidate) => candidate.number));
  const milestones = new Set(choices?.milestones);
  return [
    ...(milestone === undefined || milestones.has(milestone)
      ? []
      : [`${JSON.stringify(milestone.slice(0, 100))} is no open milestone`]),
    ...labels
      .filter((label) => !known.has(label))
      .map((label) => `${JSON.stringify(label.slice(0, 100))} is no label of the repository`),
    ...related.flatMap((relation) => {
      if (relation.issue === issue) return [`#${issue} is the issue itself`];
      return numbers.has(relation.issue) ? [] : [`#${relation.issue} is not in the list of open issues`];
    }),
  ];
}
