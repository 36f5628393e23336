import { type HeldShown, unshownText } from './held-shown.ts';
import type { Plan } from './plan.ts';
import { shownPlan } from './plan-name.ts';

/** What the gate writes about held changes and plans. Facts first; each text says what happens next. */

export function nothingHeld(phrase: string): string {
  return `Nothing is held for approval on this issue. \`${phrase} fix\` sends an agent.`;
}

/** `told`: the sentence that the comment with the plan ends with. */
export function heldBefore(told: string, phrase: string): string {
  return `Nothing to do: ${told} Nothing else is held for approval; \`${phrase} status\` tells more.`;
}

export function publishedBefore(hash: string, pullRequest: number): string {
  return `Nothing to do: plan \`${shownPlan(hash)}\` is published as #${pullRequest}.`;
}

/** `what` is a sentence of ours, without its full stop. */
export function notApproved(what: string, over: boolean, { phrase, kind }: ToldPlan): string {
  const next = over
    ? `It is given up: \`${phrase} ${kind === 'change' ? 'retry' : 'plan'}\` has it made anew.`
    : `Look at the newest plan above, then comment \`${phrase} approve\` with its hash.`;
  return `Nothing was ${kind === 'change' ? 'published' : 'started'}: ${what}. ${next}`;
}

export interface ToldPlan {
  readonly phrase: string;
  readonly kind: Plan['kind'];
}

export function newerPull(pullRequest: number): string {
  return `a newer run has opened #${pullRequest} since`;
}

export function statusHeldChange(hash: string, { phrase, kind }: ToldPlan): string {
  const does = kind === 'change' ? 'publishes it' : 'starts an agent that follows it';
  return `A ${kind} waits for approval: \`${phrase} approve ${shownPlan(hash)}\` ${does}, \`${phrase} stop\` gives it up.`;
}

export function statusNotAsShown(shown: Exclude<HeldShown, 'as-shown'>, { phrase, kind }: ToldPlan): string {
  const anew = `\`${phrase} ${kind === 'change' ? 'retry' : 'plan'}\` has it made anew`;
  return `A ${kind} is held that nobody can approve: ${unshownText(shown)}. \`${phrase} stop\` gives it up, ${anew}.`;
}

export function gaveUp(hash: string, phrase: string): string {
  return `Given up: plan \`${shownPlan(hash)}\` can no longer be approved. \`${phrase} fix\` starts anew.`;
}
