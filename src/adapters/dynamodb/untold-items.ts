import type { ActivityChange, ActivityEvent } from '../../domain/coordination/activity.ts';
import { taskOf } from '../../domain/coordination/claim-events.ts';
import { edgeId, tellerOf } from '../../domain/coordination/dependency-graph.ts';
import { sameData } from '../../domain/coordination/same-data.ts';
import { dependencyEvent, messageEvent } from '../../domain/coordination/task-events.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import { readCaps } from './caps-item.ts';
import { readEdges } from './edges-item.ts';
import { foundEvent, foundRecord } from './found-record.ts';
import { readMessage } from './message-items.ts';
import type { ReplayedLog } from './replay-log.ts';
import type { UnnumberedEvent } from './stream-events.ts';

export interface UntoldItem {
  /** `claim github/octo/slug/issues/1`. */
  readonly name: string;
  /** What the log must tell to come to what is stored; none when it does. */
  readonly events: readonly UnnumberedEvent[];
}

/** What the log lacks of an item; undefined for items that it does not tell of. */
export function untoldOf(item: Attributes, told: ReplayedLog, now: number): UntoldItem | undefined {
  const { pk, sk, version: _version, ...rest } = fromAttributes(item);
  const subject = String(pk).replace(/^[A-Z-]+#/, '');
  const [kind = ''] = String(sk).split('#');
  const system = (change: ActivityChange, about: Pick<ActivityEvent, 'task'> = {}): UnnumberedEvent => ({
    at: now,
    actor: 'system',
    ...about,
    change,
  });
  switch (kind) {
    case 'CLAIM':
    case 'BUDGET':
    case 'TASK':
    case 'RUN': {
      const found = foundRecord(item);
      const same = found === undefined || sameData(recordOf(found), replayed(told, found));
      return { name: `${kind.toLowerCase()} ${subject}`, events: same ? [] : [foundEvent(found, now)] };
    }
    case 'CAPS': {
      const { scope, caps, actor, at } = readCaps(item);
      const change = { type: 'budget.limited', scope, caps, keys: [] } as const;
      return {
        name: `limits ${scope}`,
        events: sameData(told.caps.get(scope), caps) ? [] : [{ at, actor, change }],
      };
    }
    case 'EFFECT': {
      const { claim: key, effect, fence } = rest;
      if (typeof key !== 'string' || typeof effect !== 'string' || typeof fence !== 'number') return undefined;
      const known = told.effects.get(key)?.has(effect) === true;
      const task = taskOf(key);
      const event = system({ type: 'claim.effect', key, fence, effect }, task === undefined ? {} : { task });
      return { name: `effect ${key} ${effect}`, events: known ? [] : [event] };
    }
    case 'EDGES': {
      const stored = readEdges(subject, item).edges.filter((edge) => tellerOf(edge) === subject);
      const ids = new Set(stored.map(edgeId));
      const gone = [...told.dependencies.values()].filter(
        (edge) => tellerOf(edge) === subject && !ids.has(edgeId(edge)),
      );
      const fresh = stored.filter((edge) => !told.dependencies.has(edgeId(edge)));
      const removed = gone.map((edge) => ({ ...dependencyEvent('dependency.removed', edge, 'system'), at: now }));
      const added = fresh.map((edge) => ({ ...dependencyEvent('dependency.added', edge, 'system'), at: now }));
      return { name: `dependencies ${subject}`, events: [...removed, ...added] };
    }
    case 'MESSAGE': {
      const { message, at } = readMessage(item);
      const known = told.messageIds.has(message.id);
      return { name: `message ${message.id}`, events: known ? [] : [{ ...messageEvent(message), at }] };
    }
    default:
      return undefined;
  }
}

type Found = NonNullable<ReturnType<typeof foundRecord>>;

function recordOf(found: Found): unknown {
  switch (found.kind) {
    case 'claim':
      return found.claim;
    case 'budget':
      return found.budget;
    case 'task':
      return found.task;
    case 'run':
      return found.run;
    default:
      return found satisfies never;
  }
}

function replayed(told: ReplayedLog, found: Found): unknown {
  switch (found.kind) {
    case 'claim':
      return told.claims.get(found.claim.key);
    case 'budget':
      return told.budgets.get(found.budget.key);
    case 'task':
      return told.tasks.get(found.task.key);
    case 'run':
      return told.runs.get(found.run.id);
    default:
      return found satisfies never;
  }
}
