import { type ClaimHolder, isLookKey } from '../domain/claim.ts';
import type { MirroredIssue } from '../domain/coordination/task-record.ts';
import { EntropyError } from '../domain/error.ts';
import type { IssueSnapshot } from '../domain/issue.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import type { BudgetStore } from '../ports/budget-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { beginRun } from './begin-run.ts';
import { openRun } from './open-run.ts';

/** A coordinator's books, where there is one. Plain GitHub has none: there the claim is all that is kept. */
export interface Books {
  readonly tasks: Pick<TaskStore, 'mirror' | 'read' | 'change'>;
  readonly runs: Pick<RunStore, 'open' | 'read' | 'change'>;
  readonly budgets: Pick<BudgetStore, 'caps'>;
}

interface Writing {
  readonly books: Books;
  readonly clock: Clock;
}

/**
 * The gate has admitted a run: its issue is in the books as claimed, the run as running. The agent's job cannot say so
 * itself (it has no token), so the gate says it for it. With a `traceparent` the run is started later, by a dispatcher, and
 * says itself that it begins: it stays queued. E701 when the books know better: somebody else has the issue.
 */
export async function recordAdmission(
  { books, clock }: Writing,
  task: Task,
  { workflowRun, traceparent }: { readonly workflowRun?: ClaimHolder['workflowRun']; readonly traceparent?: string },
): Promise<void> {
  const { lease, agent, runId } = task;
  // Who looks at a pull request moves no task: the issue's goes by its coder.
  if (!isLookKey(lease.key)) await bringIn(books, task);
  const later = traceparent !== undefined;
  const opened = await openRun(
    { ...books, clock },
    { runId, agent, lease, ...(workflowRun && { workflowRun }), ...(later && { traceparent }) },
  );
  const begun = opened.kind === 'opened' && !later ? await beginRun({ ...books, clock }, runId, lease) : opened;
  if (begun.kind !== 'refused') return;
  throw new EntropyError({
    code: 'E701',
    message: `the coordinator did not take run ${runId} in: ${begun.why}`,
    fix: 'see who has the issue: entropy-playground claims check, or comment /agent status',
  });
}

/**
 * The books follow what the gate saw: an issue that they do not know yet, or whose reopening they missed. One that was
 * given up or done is handed out again, for a person asked for it.
 */
async function bringIn(books: Books, { issue, lease, repository, requestedBy }: Task): Promise<void> {
  const known = await books.tasks.read(lease.key);
  const actor = `github/${requestedBy.login}`;
  const { state } = await books.tasks.mirror(mirrored(repository, issue, known?.issue), actor);
  if (state !== 'abandoned' && state !== 'done') return;
  const to = state === 'done' ? 'open' : 'ready';
  await books.tasks.change({ key: lease.key, actor, to, facts: { reason: `${requestedBy.login} asked again` } });
}

/** What the snapshot does not tell stays as it is known. */
function mirrored(repository: RepositoryRef, issue: IssueSnapshot, known: MirroredIssue | undefined): MirroredIssue {
  const { number, title, body, author, state, labels, comments, omittedComments = 0 } = issue;
  return {
    repository: fullName(repository),
    number,
    kind: 'issue',
    title,
    body,
    author,
    forgeState: state,
    labels,
    assignees: known?.assignees ?? [],
    ...(known?.milestone === undefined ? {} : { milestone: known.milestone }),
    comments: comments.length + omittedComments,
    createdAt: Date.parse(issue.createdAt),
    updatedAt: Date.parse(issue.updatedAt),
  };
}
