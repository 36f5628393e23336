import type { ClaimRecord } from '../../domain/claim.ts';
import type { ActivityChange } from '../../domain/coordination/activity.ts';
import { settlementOf } from '../../domain/coordination/budget-decisions.ts';
import { grantOf } from '../../domain/coordination/claim-decisions.ts';
import { claimEvents, type NewEvent } from '../../domain/coordination/claim-events.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Attributes } from './attribute-values.ts';
import { readCaps } from './caps-item.ts';
import { readClaim, readTransition, type Transition } from './claim-item.ts';
import { eventsOfEdges, eventsOfMessage, eventsOfRun, eventsOfTask } from './record-events.ts';

/** One record of the table's stream: an item as it was and as it is. */
export interface ItemChange {
  readonly before?: Attributes | undefined;
  readonly after?: Attributes | undefined;
  /** By DynamoDB's clock, milliseconds since 1970; undefined: nobody knows. */
  readonly writtenAt?: number | undefined;
}

/** An event that waits for its place in the activity stream; the moment is the store's, from the write itself. */
export type UnnumberedEvent = NewEvent & { readonly at: number };

/** Items whose changes are told, by what their sort keys begin with. Each counts its changes in `version`; none is deleted. */
export const toldKinds = ['CLAIM', 'CAPS', 'TASK', 'EDGES', 'RUN', 'MESSAGE'] as const;

function toldKind({ before, after }: ItemChange): (typeof toldKinds)[number] | undefined {
  const [kind] = (after ?? before)?.['sk']?.S?.split('#') ?? [];
  return toldKinds.find((told) => told === kind);
}

/** Whether the item is one of those that tell events, though this change of it may be none: its version counts all the same. */
export function tellsEvents(change: ItemChange): boolean {
  return toldKind(change) !== undefined;
}

/**
 * What a change of an item means. Claims, limits, tasks, dependencies, runs and messages tell all of their changes; budgets
 * and effects tell nothing, since the claim that moves them says so in the same transaction, nor does what is only kept for
 * finding things. For each item the events come in their order, without gaps; between items the order is that in which the
 * stream is read (docs/decisions/0011).
 */
export function eventsOfChange({ before, after }: ItemChange): readonly UnnumberedEvent[] {
  const kind = toldKind({ before, after });
  if (kind === undefined) return [];
  if (after === undefined) {
    const pk = before?.['pk']?.S;
    throw new EntropyError({
      code: 'E710',
      message: `the item ${pk} was deleted, which this program never does`,
      fix: 'put it back from a backup or by hand, for a claim with its last fence: a deleted claim begins with fence 1 again',
    });
  }
  switch (kind) {
    case 'CLAIM':
      return eventsOfClaim({ before, after });
    case 'CAPS': {
      const { scope, caps, books, actor, at } = readCaps(after);
      return [{ at, actor, change: { type: 'budget.limited', scope, caps, keys: books } }];
    }
    case 'TASK':
      return eventsOfTask({ before, after });
    case 'EDGES':
      return eventsOfEdges({ before, after });
    case 'RUN':
      return eventsOfRun({ before, after });
    case 'MESSAGE':
      return eventsOfMessage({ before, after });
    default:
      return kind satisfies never;
  }
}

function eventsOfClaim({ before, after }: ItemChange & { readonly after: Attributes }): readonly UnnumberedEvent[] {
  const was = before && readClaim(before).record;
  const { record } = readClaim(after);
  const { transition, at } = readTransition(after);
  const changes = changesOf(transition, record, was);
  return claimEvents(changes, { key: record.key, before: was }).map((event) => ({ ...event, at }));
}

/** The changes that the domain decided when the item was written, in its order. */
function changesOf(
  transition: Transition,
  record: ClaimRecord,
  was: ClaimRecord | undefined,
): readonly ActivityChange[] {
  const { key, fence, holder } = record;
  const takenFrom = was?.state === 'held' ? was : undefined;
  const settlement = takenFrom === undefined ? [] : settlementOf(takenFrom);
  const from = takenFrom && grantOf(takenFrom);
  switch (transition.transition) {
    case 'acquire': {
      const taken =
        from === undefined ? ({ type: 'claim.acquired' } as const) : ({ type: 'claim.stolen', from } as const);
      const { reservation } = record;
      const opened = transition.opened ?? [];
      return [
        ...settlement,
        { ...taken, claim: record },
        ...(reservation === undefined ? [] : [{ type: 'budget.reserved', claim: key, reservation, opened } as const]),
      ];
    }
    case 'take-over':
      return [...settlement, { type: 'claim.taken-over', claim: record, ...(from && { from }) }];
    case 'renew': {
      const { expiresAt, ttlMs, progressAt = record.acquiredAt } = record;
      return [{ type: 'claim.renewed', key, fence, expiresAt, ttlMs, progressAt }];
    }
    case 'release': {
      const settled = was === undefined ? [] : settlementOf(was, transition.spent);
      return [...settled, { type: 'claim.released', key, fence, holder }];
    }
    case 'effect':
      return [{ type: 'claim.effect', key, fence, effect: transition.effect }];
    default:
      return transition satisfies never;
  }
}
