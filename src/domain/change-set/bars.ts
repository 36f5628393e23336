import { asCodeSpan } from '../outgoing-text.ts';
import { sameRepository } from '../repository.ts';

/** What keeps a set from a repository. */
export const barKinds = ['not-listed', 'not-installed', 'no-write', 'not-alike', 'not-asked'] as const;
export type BarKind = (typeof barKinds)[number];

/** A repository that nothing is done in, and nothing is told of, for the sake of this set. */
export interface Bar {
  readonly repository: string;
  readonly kind: BarKind;
}

export function isBarred(bars: readonly Bar[], repository: string): boolean {
  return bars.some((bar) => sameRepository(bar.repository, repository));
}

export function barredBy(bars: readonly Bar[], kind: BarKind): readonly string[] {
  return bars.filter((bar) => bar.kind === kind).map(({ repository }) => repository);
}

/** Why a set that was begun is stopped; a part of a sentence. Undefined: nothing keeps it. */
export function whyBarred(bars: readonly Bar[], login: string): string | undefined {
  const [bar] = bars;
  if (bar === undefined) return undefined;
  const name = asCodeSpan(bar.repository, 140);
  const who = asCodeSpan(login, 60);
  switch (bar.kind) {
    case 'not-listed':
      return `${name} no longer stands in \`change-sets\` on the default branch`;
    case 'not-installed':
      return `the GitHub App is no longer installed in ${name}`;
    case 'no-write':
      return `${who}, who asked for it, has no write access in ${name} any more`;
    case 'not-alike':
      return `one of this repository and ${name} is public and the other private now`;
    case 'not-asked':
      return `${who}, who asked for it, may not start agents in ${name} any more`;
    default:
      return bar.kind satisfies never;
  }
}
