import { taskSections } from '../../domain/sanitise/imitated-marks.ts';
import { readablePlain } from '../../domain/sanitise/readable-text.ts';
import type { TriageChoices } from '../../domain/task.ts';
import { fence } from './fence.ts';

const mostLabels = 200;
const mostCandidates = 200;
const mostMilestones = 50;
const longestTitle = 200;

/** What a reader of issues may name: the repository's labels and its other open issues. What is cut is told. */
export function choicesSection(choices: TriageChoices | undefined): string {
  if (choices === undefined) return '';
  const { labels, candidates, leftOut = 0, milestones = [] } = choices;
  const parts = [`# ${taskSections.choices}`];
  if (labels.length === 0) parts.push('The repository has no label to set.');
  else parts.push(fence('labels of the repository', labels.slice(0, mostLabels).map(oneLine).join('\n')));
  if (labels.length > mostLabels) parts.push(`[${labels.length - mostLabels} more labels are left out]`);
  if (milestones.length > 0) {
    parts.push(fence('open milestones', milestones.slice(0, mostMilestones).map(oneLine).join('\n')));
  }
  if (candidates.length === 0) parts.push('There is no other open issue to compare with.');
  else {
    const lines = candidates.slice(0, mostCandidates).map((candidate) => {
      const tags = candidate.labels.length === 0 ? '' : ` [${candidate.labels.map(oneLine).join(', ')}]`;
      return `#${candidate.number} ${oneLine(candidate.title)}${tags}`;
    });
    parts.push(fence('other open issues', lines.join('\n')));
  }
  const hidden = leftOut + Math.max(0, candidates.length - mostCandidates);
  if (hidden > 0) parts.push(`[${hidden} more open issues are left out: a duplicate may be among them]`);
  return parts.join('\n');
}

function oneLine(text: string): string {
  return readablePlain(text).text.replaceAll(/\s+/g, ' ').trim().slice(0, longestTitle);
}
