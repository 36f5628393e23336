import type { MessageType } from '../coordination/message.ts';
import type { Stage } from './stage.ts';
import { stageTable } from './stage-table.ts';

/**
 * What whoever worked last tells whoever works next, besides the reasons in the record: a message of the kinds that agents know,
 * kept with the step that it asks for. Who begins the step has received it, with the same swap, and nobody else ever does.
 */
export interface HandOff {
  readonly type: MessageType;
  /** `coder/01JD…`; `team` when no run worked before. */
  readonly from: string;
}

const types: Partial<Readonly<Record<Stage, MessageType>>> = {
  test: 'review-requested',
  review: 'review-requested',
  address: 'changes-requested',
};

/** Of the stage that is entered now, with everything before it in the history, the newest last. */
export function handOffTo(
  stage: Stage,
  history: readonly { readonly stage: Stage; readonly runId?: string }[],
): HandOff {
  const last = history.findLast(({ runId }) => runId !== undefined);
  const role = last === undefined ? undefined : stageTable[last.stage].role;
  const from = last?.runId === undefined || role === undefined ? 'team' : `${role}/${last.runId}`;
  return { type: types[stage] ?? 'handoff', from };
}
