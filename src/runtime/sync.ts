import type { RepositoryRef } from '../domain/repository.ts';
import { type SyncReport, syncRepository } from '../flows/sync-repository.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { RoomContext } from './coordination-room.ts';
import type { GitHubAccess } from './github-access.ts';

/** Who says what GitHub says, in the activity stream. */
const actor = 'github';

/** `tasks sync` over any store: what GitHub tells with our own token, into it. */
export function syncInto(tasks: TaskStore, github: GitHubAccess, { environment, signal }: RoomContext) {
  const host = new URL(environment.githubServerUrl).host;
  return (repository: RepositoryRef, since?: string): Promise<SyncReport> => {
    const { issues } = github.connect(repository);
    const request = { repository, actor, ...(since !== undefined && { since }) };
    return syncRepository({ tasks, issues, host }, request, signal);
  };
}
