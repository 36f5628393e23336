import type { ActivityEvent, FoundRecord } from '../../domain/coordination/activity.ts';
import { taskOf } from '../../domain/coordination/claim-events.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import { readBudget } from './budget-item.ts';
import { readClaim } from './claim-item.ts';
import { readRun } from './run-item.ts';
import type { UnnumberedEvent } from './stream-events.ts';
import { readTask } from './task-item.ts';

/** The record of an item, where one event can tell it in whole; undefined for all other items. */
export function foundRecord(item: Attributes): FoundRecord | undefined {
  switch (fromAttributes(item)['sk']) {
    case 'CLAIM':
      return { kind: 'claim', claim: readClaim(item).record };
    case 'BUDGET':
      return { kind: 'budget', budget: readBudget(item) };
    case 'TASK':
      return { kind: 'task', task: readTask(item).task };
    case 'RUN':
      return { kind: 'run', run: readRun(item) };
    default:
      return undefined;
  }
}

export function foundEvent(found: FoundRecord, at: number): UnnumberedEvent {
  return { at, actor: 'system', ...about(found), change: { type: 'state.found', found } };
}

function about(found: FoundRecord): Pick<ActivityEvent, 'task' | 'run'> {
  switch (found.kind) {
    case 'claim': {
      const task = taskOf(found.claim.key);
      return { ...(task !== undefined && { task }), run: found.claim.holder.runId };
    }
    case 'task':
      return { task: found.task.key };
    case 'run':
      return { task: found.run.task, run: found.run.id };
    case 'budget':
      return {};
    default:
      return found satisfies never;
  }
}
