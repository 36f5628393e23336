import { isObject } from '../json-shape.ts';
import { parseFullName, type RepositoryRef } from '../repository.ts';
import type { QueuedDelivery } from './queued-message.ts';

/** The repository that a webhook is about; undefined: it names none, or none that can be. */
export function repositoryIn({ payload }: Pick<QueuedDelivery, 'payload'>): RepositoryRef | undefined {
  const { repository } = payload;
  const name = isObject(repository) ? repository['full_name'] : undefined;
  return typeof name === 'string' ? parseFullName(name) : undefined;
}
