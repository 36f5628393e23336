import type { HeldRecord, Plan } from '../domain/held/plan.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import { renderTrackingComment } from '../domain/tracking-comment.ts';
import { readTrackingComment } from '../domain/tracking-state.ts';
import type { Forge } from '../ports/forge.ts';
import { parseHeldRecord } from './held-record-schema.ts';
import { planHash } from './plan-hash.ts';

/** What is held for an issue, with the hash of its plan as computed now. */
export interface HeldChange<Kind extends Plan = Plan> {
  readonly id: string;
  readonly record: HeldRecord<Kind>;
  readonly hash: string;
}

/** Undefined when nothing is held, or what lies there is none of our records. */
export async function readHeld(forge: Forge, issue: number): Promise<HeldChange | undefined> {
  const held = await forge.held.read(issue);
  const record = held && (await parseHeldRecord(held.text));
  return held && record && { id: held.id, record, hash: planHash(record.plan) };
}

/**
 * A held change is over: the comment that showed it says what became of it, and its ref goes, in this order, so that whoever is
 * killed in between finds it again. Safe to repeat. `what` is a sentence of ours.
 */
export async function endHeld(
  forge: Forge,
  issue: number,
  { held, what }: { readonly held: HeldChange; readonly what: string },
): Promise<void> {
  await tellOver(forge, held, what);
  await forge.held.remove(issue);
}

async function tellOver(forge: Forge, { record, hash }: HeldChange, what: string): Promise<void> {
  const { plan, comment } = record;
  const found = await forge.comment(comment.id);
  // The record names the comment, and whoever may push can write a record: only a plan's own comment of ours is changed.
  const shown = found && readTrackingComment(found.body);
  const isIts = shown?.runId === plan.runId && shown.issue === plan.issue && !shown.working;
  if (found === undefined || !isIts || !(await forge.isOwnAuthor(found.author))) return;
  const over = { kind: 'hold_over', what: `Plan \`${shownPlan(hash)}\`: ${what}` } as const;
  const state = plan.kind === 'plan' ? { ...over, words: plan.report } : over;
  const { role, runId, fence } = plan;
  await forge.updateComment(found.id, renderTrackingComment({ role, issue: plan.issue, runId, fence, state }));
}
