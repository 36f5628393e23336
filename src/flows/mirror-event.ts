import type { ClaimRecord } from '../domain/claim.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { ForgeEvent } from '../domain/forge-event.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { Forge } from '../ports/forge.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { closeTrackingComment } from './close-run.ts';
import { type MirrorBooks, mirrorText } from './mirror-issue.ts';
import { type SweepBooks, sweepClaims } from './sweep-claims.ts';

export interface EventBooks extends MirrorBooks, Omit<SweepBooks, 'tasks' | 'holderIsDead'> {
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
      const task = await books.tasks.mirror(event.issue, event.actor);
      // What an older text waited for has been taken back since.
      if (task.issue.updatedAt > event.issue.updatedAt) return 'mirrored';
      const { cycles } = await mirrorText(books, event.issue, event.actor);
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
  { repository, runId, attempt, conclusion }: Extract<ForgeEvent, { kind: 'run-ended' }>,
  signal: AbortSignal | undefined,
): Promise<'mirrored' | 'ignored'> {
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
    await closeComment(books, claim);
  }
  return report.freed.length === 0 ? 'ignored' : 'mirrored';
}

/** The run can no longer say so itself: its comment must not say "working" for ever. */
async function closeComment(books: EventBooks, claim: ClaimRecord): Promise<void> {
  const [, name = '', number = ''] = /^github\/([^/]+\/[^/]+)\/issues\/([1-9][0-9]{0,9})$/.exec(claim.key) ?? [];
  const repository = parseFullName(name);
  const forge = repository && books.forgeOf?.(repository);
  if (forge === undefined) return;
  const end = {
    kind: 'failed',
    reason: 'Its workflow run ended without a word: it was cancelled, killed, or it lost its runner.',
    next: '`/agent retry` starts a new run.',
  } as const;
  try {
    const closed = await closeTrackingComment(forge, openRunOfClaim(claim, Number(number)), end);
    books.log(`its tracking comment: ${closed}`);
  } catch (error) {
    // The claim is free, which is what counts; the next run on the issue closes the comment as well.
    if (!(error instanceof EntropyError)) throw error;
    books.log(`its tracking comment could not be closed: ${describeError(error)}`);
  }
}
