import { fullName, type RepositoryRef } from '../domain/repository.ts';
import { type SyncReport, syncRepository } from '../flows/sync-repository.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { RoomContext } from './coordination-room.ts';
import type { GitHubAccess } from './github-access.ts';

/** Who says what GitHub says, in the activity stream. */
const actor = 'github';

/** `tasks sync` over any store: what GitHub tells with our own token, into it. */
export function syncInto(tasks: TaskStore, github: GitHubAccess, { environment, signal, log }: RoomContext) {
  const host = new URL(environment.githubServerUrl).host;
  return (repository: RepositoryRef, since?: string): Promise<SyncReport> => {
    const { issues } = github.connect(repository);
    const reached = (moment: string): void =>
      log(`${fullName(repository)}: all that changed until ${moment} is taken over`);
    const request = { repository, actor, reached, ...(since !== undefined && { since }) };
    return syncRepository({ tasks, issues, host }, request, signal);
  };
}
