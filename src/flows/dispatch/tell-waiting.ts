import { scopeOf } from '../../domain/coordination/budget-decisions.ts';
import { defaultCaps, scopeKind } from '../../domain/coordination/budget-draws.ts';
import type { BudgetCaps, BudgetKey } from '../../domain/coordination/budget-record.ts';
import type { Shortage } from '../../domain/dispatch/waiting-task.ts';
import { askedAgainText, waitingOp } from '../../domain/dispatch/waiting-text.ts';
import type { CommentSnapshot } from '../../domain/issue.ts';
import { type Marker, marker, markOf } from '../../domain/markers.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { Forge } from '../../ports/forge.ts';
import { commentOnce } from '../marked-comment.ts';

interface WaitingComment {
  readonly issue: number;
  readonly text: string;
  /** The comments as they are, when they were just read. */
  readonly known?: readonly CommentSnapshot[];
}

/** The one comment about a request that waits: written once, edited when its place changes. */
export async function tellWaiting(
  forge: Forge,
  { issue, runId, text, known }: WaitingComment & { readonly runId: string },
): Promise<void> {
  const mark = { issue, fence: 0, run: runId, op: waitingOp };
  const told = await commentOnce(forge, { mark, text, ...(known && { known }) });
  if (told.kind === 'was-there') await rewrite(forge, told.comment, text);
}

/** Requests for the same issue that waited before this one: it has taken their place. */
export async function tellAskedAgain(
  forge: Forge,
  { issue, runId, known }: Omit<WaitingComment, 'text'> & { readonly runId: string },
): Promise<void> {
  for (const { comment, mark } of await stillWaiting(forge, issue, known)) {
    if (mark.run !== runId) await rewrite(forge, comment, askedAgainText());
  }
}

/** Those before it in line have left it. False: there was nothing to change. */
export async function tellPlace(forge: Forge, issue: number, number: number): Promise<boolean> {
  let changed = false;
  for (const { comment } of await stillWaiting(forge, issue)) {
    const text = textOf(comment).replace(/\bNumber [0-9]{1,9} in line\b/, `Number ${number} in line`);
    changed = (await rewrite(forge, comment, text)) || changed;
  }
  return changed;
}

/** It waits no longer: started, or it has left the line. */
export async function tellWaitOver(forge: Forge, { issue, text, known }: WaitingComment): Promise<void> {
  for (const { comment } of await stillWaiting(forge, issue, known)) await rewrite(forge, comment, text);
}

/** What the budget allows, as people set it, or as it is where nobody did. */
export async function capOf(
  budgets: Pick<BudgetStore, 'caps'>,
  line: BudgetKey,
  limit: Shortage,
): Promise<number | undefined> {
  const scope = scopeOf(line);
  const kind = scopeKind(scope);
  const caps: BudgetCaps | undefined = (await budgets.caps(scope)) ?? (kind && defaultCaps[kind]);
  return caps?.[limit];
}

/** Comments of ours that say so. Anybody can copy a marker, but nobody our name. */
async function stillWaiting(
  forge: Forge,
  issue: number,
  known?: readonly CommentSnapshot[],
): Promise<readonly { readonly comment: CommentSnapshot; readonly mark: Marker }[]> {
  const found: { readonly comment: CommentSnapshot; readonly mark: Marker }[] = [];
  for (const comment of known ?? (await forge.comments(issue))) {
    const mark = markOf(comment.body);
    const waits = mark?.op === waitingOp && mark.issue === issue && textOf(comment).startsWith('Waits in line');
    if (mark !== undefined && waits && (await forge.isOwnAuthor(comment.author))) found.push({ comment, mark });
  }
  return found;
}

function textOf({ body }: CommentSnapshot): string {
  const end = body.indexOf('\n');
  return end === -1 ? '' : body.slice(end + 1).trim();
}

async function rewrite(forge: Forge, comment: CommentSnapshot, text: string): Promise<boolean> {
  const mark = markOf(comment.body);
  if (mark === undefined || textOf(comment) === text.trim()) return false;
  await forge.updateComment(comment.id, `${marker(mark)}\n${text}\n`);
  return true;
}
