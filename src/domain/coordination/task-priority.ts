import { settleValue } from '../conflicts/metadata.ts';
import { defaultPriority } from './task-record.ts';

const priorityLabel = /^(?:priority\s*[:/=-]?\s*p?|p)([0-4])$/i;

/** The most urgent that a label says (`priority:0`, `Priority: P1`, `P2`); undefined when none says anything. */
export function labelledPriority(labels: readonly string[]): number | undefined {
  const said = labels.flatMap((label) => priorityLabel.exec(label.trim())?.[1] ?? []).map(Number);
  return said.length === 0 ? undefined : Math.min(...said);
}

/**
 * A three-way merge of what labels said before, what it is now, and what labels say: a label that comes or goes counts (gone, the
 * default counts again); what somebody set by hand stays while the labels say what they said.
 */
export function mirroredPriority(
  labels: readonly string[],
  before: { readonly labels: readonly string[]; readonly priority: number } | undefined,
): number {
  const theirs = labelledPriority(labels) ?? defaultPriority;
  if (before === undefined) return theirs;
  const base = labelledPriority(before.labels) ?? defaultPriority;
  return settleValue<number>({ base, ours: before.priority, theirs }).value;
}
