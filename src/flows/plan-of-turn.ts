import type { PlanToFollow } from '../domain/task.ts';
import type { Gate } from './gate.ts';
import { readHeld } from './held-change.ts';
import type { TeamTurn } from './turn.ts';

/**
 * The plan that a person had approved, for a coder's step that is taken again: what is held must be that very plan still.
 * Undefined: nobody approved one, or it is carried out by now.
 */
export async function planOfTurn({ forge }: Gate, turn: TeamTurn): Promise<PlanToFollow | undefined> {
  const { issue, record, command } = turn;
  const { hash, approvedBy } = record.plan ?? {};
  if (command !== 'fix' || record.stage !== 'code' || hash === undefined || approvedBy === undefined) return undefined;
  const held = await readHeld(forge, issue);
  if (held?.hash !== hash || held.record.plan.kind !== 'plan') return undefined;
  return { hash, approvedBy, plan: held.record.plan.report };
}
