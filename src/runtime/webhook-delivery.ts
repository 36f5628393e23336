import { readForgeEvent } from '../adapters/github/forge-event.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { type EventBooks, mirrorEvent } from '../flows/mirror-event.ts';
import type { GitHubDelivery, LogEntry } from '../server/app-options.ts';
import type { RepositoryConnection } from './github-repository.ts';
import type { IssueLookUps } from './issue-look-ups.ts';

export interface DeliveryOptions {
  readonly books: Omit<EventBooks, 'host' | 'lookUp' | 'forgeOf' | 'log'>;
  /** `github.com`, or that of an Enterprise Server. */
  readonly host: string;
  /** With the coordinator's own token; absent: what a delivery names and we do not know stays unknown. */
  readonly connect?: (repository: RepositoryRef) => Pick<RepositoryConnection, 'forge' | 'issues'>;
  /** Kept for as long as deliveries come: what is remembered and counted by it is about all of them. */
  readonly lookUps: IssueLookUps;
  readonly log: (entry: LogEntry) => void;
}

/** What is done with a delivery of a webhook that is believed: the books follow GitHub. */
export function webhookDelivery({ books, host, connect, lookUps, log }: DeliveryOptions) {
  const all: EventBooks = {
    ...books,
    host,
    log: (text) => log({ event: 'webhook', text }),
    ...(connect && {
      lookUp: lookUps(async (place) => (await connect(place.repository).issues.find(place))?.issue),
      forgeOf: (repository) => connect(repository).forge,
    }),
  };
  return (delivery: GitHubDelivery, signal: AbortSignal): Promise<'mirrored' | 'ignored'> =>
    mirrorEvent(all, readForgeEvent(delivery), signal);
}
