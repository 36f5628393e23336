import type { ClaimRecord } from '../domain/claim.ts';
import type { ForgeEvent } from '../domain/forge-event.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Forge } from '../ports/forge.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { closeDeadComment } from './close-dead-comment.ts';
import { endDispatchedBy } from './dispatch/end-dispatched.ts';
import { type MirrorBooks, mirrorText, newestWord } from './mirror-issue.ts';
import { type SweepBooks, sweepClaims } from './sweep-claims.ts';

export interface EventBooks extends MirrorBooks, Omit<SweepBooks, 'tasks' | 'holderIsDead' | 'claims'> {
  readonly claims: Pick<ClaimStore, 'acquire' | 'release' | 'list' | 'read'>;
  readonly tasks: Pick<
    TaskStore,
    'mirror' | 'mirrorDependencies' | 'dependencies' | 'read' | 'change' | 'addDependency' | 'removeDependency'
  >;
  /** Where the tracking comment of a run that died can be closed; absent without a token that may write there. */
  readonly forgeOf?: (repository: RepositoryRef) => Forge | undefined;
  readonly log: (line: string) => void;
}

/**
 * One delivery of a webhook, read and believed. Deliveries come late, twice and in any order: the newer word about an issue
 * counts, and nothing here is done twice. `sync` repairs what was never delivered.
 */
export async function mirrorEvent(
  books: EventBooks,
  event: ForgeEvent,
  signal?: AbortSignal,
): Promise<'mirrored' | 'ignored'> {
  switch (event.kind) {
    case 'issue': {
      const issue = await newestWord(books, event.issue);
      const task = await books.tasks.mirror(issue, event.actor);
      // What an older text waited for has been taken back since.
      if (task.issue.updatedAt > issue.updatedAt) return 'mirrored';
      const { cycles } = await mirrorText(books, issue, event.actor);
      for (const path of cycles) books.log(`left out, it would close a cycle: ${path.join(' → ')}`);
      return 'mirrored';
    }
    case 'dependency':
      return mirrorDependency(books, event);
    case 'run-ended':
      return endRunsOf(books, event, signal);
    case 'unrelated':
      return 'ignored';
    default:
      return event satisfies never;
  }
}

async function mirrorDependency(
  { tasks, log }: EventBooks,
  { change, dependency, issues, actor }: Extract<ForgeEvent, { kind: 'dependency' }>,
): Promise<'mirrored'> {
  for (const issue of issues) await tasks.mirror(issue, actor);
  if (change === 'removed') {
    await tasks.removeDependency(dependency, actor);
    return 'mirrored';
  }
  const added = await tasks.addDependency(dependency, actor);
  if (added.kind === 'cycle') log(`left out, it would close a cycle: ${added.path.join(' → ')}`);
  return 'mirrored';
}

/**
 * The fast path of liveness: GitHub says that a workflow run has ended, so whatever it still holds is free at once and not
 * when its lease runs out. A run that ended well has released its claim itself, and nothing is left to do.
 */
async function endRunsOf(
  books: EventBooks,
  { repository, runId, attempt, conclusion, title }: Extract<ForgeEvent, { kind: 'run-ended' }>,
  signal: AbortSignal | undefined,
): Promise<'mirrored' | 'ignored'> {
  const ended = { id: runId, attempt };
  if (await endDispatchedBy(books, { title, ended })) {
    books.log(`workflow run ${runId} ended (${conclusion}): so has the run that it worked for`);
    return 'mirrored';
  }
  const endedWith = (record: ClaimRecord): boolean => {
    const run = record.holder.workflowRun;
    return run?.id === runId && run.attempt <= attempt;
  };
  const prefix = `github/${repository}/`.toLowerCase();
  const report = await sweepClaims(
    { ...books, holderIsDead: async (record) => endedWith(record) },
    { prefix, staleAfterMs: Number.POSITIVE_INFINITY },
    signal,
  );
  for (const { claim } of report.freed) {
    books.log(`workflow run ${runId} ended (${conclusion}): ${claim.key} is free, fence ${claim.fence}`);
    await closeDeadComment(books, claim);
  }
  return report.freed.length === 0 ? 'ignored' : 'mirrored';
}
