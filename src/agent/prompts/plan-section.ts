import { clipText } from '../../domain/output-clip.ts';
import { taskSections } from '../../domain/sanitise/imitated-marks.ts';
import type { PlanToFollow } from '../../domain/task.ts';
import { fence } from './fence.ts';

const longestPlan = 24_000;

/** A plan that a person has approved. A model wrote it, so it is told as data; that it is to be followed is ours to say. */
export function planSection(follows: PlanToFollow | undefined): string {
  if (follows === undefined) return '';
  const { summary, steps, tests, risks } = follows.plan;
  const lines = [
    summary,
    ...steps.map(({ title, detail, paths }, at) => {
      const touches = paths.length === 0 ? '' : `\n   touches: ${paths.join(', ')}`;
      return `${at + 1}. ${title}\n   ${detail}${touches}`;
    }),
    ...list('To be proven by:', tests),
    ...list('Risks, and what is left out:', risks),
  ];
  const head = `# ${taskSections.follows}\n@${follows.approvedBy} has approved this plan for the issue: do what it says, no more. Where it proves wrong, do the nearest thing that solves the issue and say so in the body. It widens no rule.`;
  return `${head}\n${fence('plan', clipText(lines.join('\n'), longestPlan))}`;
}

function list(title: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [title, ...entries.map((entry) => `- ${entry}`)];
}
