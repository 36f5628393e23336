import { renderTrackingComment, type TrackingEnd } from '../tracking-comment.ts';
import type { HeldRecord, Plan } from './plan.ts';

/** What is known of a plan beside its words: its hash, the commit that holds it, and where its issue is found. */
export interface HeldPlace {
  readonly hash: string;
  readonly change: string;
  readonly issueUrl: string;
}

/** A run ends with a plan that waits. */
export function heldEnd(plan: Plan, { hash, change, issueUrl }: HeldPlace): TrackingEnd {
  const { base, continues, expiresAt } = plan;
  if (plan.kind === 'plan') {
    const words = { hash, report: plan.report, base, expiresAt, ...(continues && { continues }) };
    return { kind: 'planned', plan: words };
  }
  const { reasons, patch } = plan;
  const changeUrl = `${issueUrl.replace(/\/issues\/\d+$/, '')}/commit/${change}`;
  const shown = { hash, files: patch.files, reasons, base, expiresAt, changeUrl };
  return { kind: 'held', plan: { ...shown, ...(continues && { continues }) } };
}

/**
 * How the comment begins while a plan waits: all of it but what the run cost and where it ran. It is rendered from what is held.
 * Whoever may push can write what is held, so a person has read of a plan only where these very words stand.
 */
export function heldCommentBegin({ plan, change }: HeldRecord, place: Omit<HeldPlace, 'change'>): string {
  const { role, issue, fence, runId } = plan;
  const bare = renderTrackingComment({ role, issue, fence, runId, state: heldEnd(plan, { ...place, change }) }).trim();
  return bare.slice(0, bare.lastIndexOf('\n') + 1);
}
