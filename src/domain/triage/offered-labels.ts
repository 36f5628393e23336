import { matchesWhole } from '../path-rules.ts';
import { readScaleLabel } from './label-scale.ts';

/** Labels beside those of the scales that say what an issue is about, and that nothing but people goes by. */
const shippedLabels = ['area/*', 'area:*', 'component/*', 'component:*', 'good first issue'];

/**
 * Which of a repository's labels a triage may set: those of the three scales, and what `triage.labels` names; where that says
 * nothing, a few whose names tell what is theirs. A list of what may be: automation and other agents go by labels that nobody here
 * can know, and whoever writes an issue says what the triage says.
 */
export function offeredLabels(all: readonly string[], named: readonly string[]): readonly string[] {
  const globs = (named.length === 0 ? shippedLabels : named).map(flat);
  return all.filter(
    (label) => readScaleLabel(label) !== undefined || globs.some((glob) => matchesWhole(glob, flat(label))),
  );
}

/** GitHub compares labels without case; a slash in one is a letter like others. */
function flat(label: string): string {
  return label.trim().toLowerCase().replaceAll('/', ':');
}
