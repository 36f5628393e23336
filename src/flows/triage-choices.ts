import type { Settings } from '../domain/settings.ts';
import type { TriageChoices } from '../domain/task.ts';
import { offeredLabels } from '../domain/triage/offered-labels.ts';
import type { Forge } from '../ports/forge.ts';

/** What an issue reader may name: the labels and milestones that there are, and the open issues that changed last, without the one it reads. */
export async function triageChoices(
  forge: Pick<Forge, 'labels' | 'metadata' | 'newestIssues'>,
  issue: number,
  { triageEdits: edits, triageLabels: named }: Pick<Settings, 'triageEdits' | 'triageLabels'>,
): Promise<TriageChoices> {
  const [names, others, milestones] = await Promise.all([
    forge.labels.all(),
    forge.newestIssues(),
    forge.metadata.milestones(),
  ]);
  const candidates = others
    .filter(({ number }) => number !== issue)
    .map(({ number, title, labels: tags }) => ({ number, title, labels: tags }));
  return { labels: offeredLabels(names, named), candidates, edits, ...(milestones.length > 0 && { milestones }) };
}
