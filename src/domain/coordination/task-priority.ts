import { defaultPriority } from './task-record.ts';

const priorityLabel = /^(?:priority\s*[:/=-]?\s*p?|p)([0-4])$/i;

/** The most urgent that a label says (`priority:0`, `Priority: P1`, `P2`); undefined when none says anything. */
export function labelledPriority(labels: readonly string[]): number | undefined {
  const said = labels.flatMap((label) => priorityLabel.exec(label.trim())?.[1] ?? []).map(Number);
  return said.length === 0 ? undefined : Math.min(...said);
}

/**
 * A label counts as long as it is there; gone, the default counts again. What a person set by hand stays while no label
 * ever said anything.
 */
export function mirroredPriority(
  labels: readonly string[],
  before: { readonly labels: readonly string[]; readonly priority: number } | undefined,
): number {
  const said = labelledPriority(labels);
  if (said !== undefined) return said;
  const wasSaid = before !== undefined && labelledPriority(before.labels) !== undefined;
  return before === undefined || wasSaid ? defaultPriority : before.priority;
}
