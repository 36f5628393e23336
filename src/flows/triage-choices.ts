import type { TriageChoices } from '../domain/task.ts';
import type { Forge } from '../ports/forge.ts';

/** What an issue reader may name: the labels that there are, and the open issues that changed last, without the one it reads. */
export async function triageChoices(
  forge: Pick<Forge, 'labels' | 'newestIssues'>,
  issue: number,
): Promise<TriageChoices> {
  const [names, others] = await Promise.all([forge.labels.all(), forge.newestIssues()]);
  const candidates = others
    .filter(({ number }) => number !== issue)
    .map(({ number, title, labels: tags }) => ({ number, title, labels: tags }));
  return { labels: names, candidates };
}
