import type { ClaimKey } from '../../domain/claim.ts';
import type { ActivityChange } from '../../domain/coordination/activity.ts';
import { type Dependency, dependencyKinds, dependencySources } from '../../domain/coordination/dependency.ts';
import { waitEdgeOf } from '../../domain/coordination/wait-edge.ts';
import type { WaitNeighbours } from '../../domain/coordination/wait-path.ts';
import { isCount } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { edgesKey } from './item-keys.ts';
import { readChanger, readList, unreadable } from './stored-record.ts';
import type { ToldChanges } from './task-item.ts';

export type DependencyChange = Extract<ActivityChange, { readonly dependency: Dependency }>;

/** All edges from and to one task, mirrored or not. Each lies with both of its ends, and is written there together. */
export interface StoredEdges {
  readonly key: ClaimKey;
  readonly edges: readonly Dependency[];
  /** Undefined: nobody ever told one of them. */
  readonly version: number | undefined;
}

/** Far beyond what GitHub allows (50 of a kind, 100 sub-issues), well within what an item holds. */
export const mostEdges = 4_000;

/** `told`: the changes of this write, on the side of whoever tells them; the other end says nothing. */
export function edgesItem({ key, edges, version }: StoredEdges, told?: ToldChanges<DependencyChange>): Attributes {
  return toAttributes({
    ...edgesKey(key),
    edges: JSON.stringify(edges.map((edge) => briefly(edge, key))),
    version: (version ?? 0) + 1,
    ...(told && {
      actor: told.actor,
      at: told.at,
      changes: JSON.stringify(told.changes.map(({ type, dependency }) => [type, ...briefly(dependency, key)])),
    }),
  });
}

/** Its own key is left out: that is half of what an edge takes. */
function briefly({ kind, from, to, source }: Dependency, key: ClaimKey): readonly string[] {
  return [kind, from === key ? '' : from, to === key ? '' : to, source];
}

const what = 'dependencies';

export function readEdges(key: ClaimKey, attributes: Attributes | undefined): StoredEdges {
  if (attributes === undefined) return { key, edges: [], version: undefined };
  const item = fromAttributes(attributes);
  const { version } = item;
  if (!isCount(version)) throw unreadable(item, what);
  const edges = readList(attributes, 'edges', what).map((brief) => {
    const edge = inFull(brief, key);
    if (edge === undefined) throw unreadable(item, what);
    return edge;
  });
  return { key, edges, version };
}

function inFull(brief: unknown, key: ClaimKey): Dependency | undefined {
  if (!Array.isArray(brief)) return undefined;
  const [told, from, to, toldSource] = brief;
  const kind = dependencyKinds.find((known) => known === told);
  const source = dependencySources.find((known) => known === toldSource);
  const ends = typeof from === 'string' && typeof to === 'string';
  if (kind === undefined || source === undefined || !ends) return undefined;
  return { kind, from: from === '' ? key : from, to: to === '' ? key : to, source };
}

/** What this write changed of the edges that this task tells itself. */
export function readEdgeChanges(attributes: Attributes): ToldChanges<DependencyChange> | undefined {
  if (attributes['changes'] === undefined) return undefined;
  const item = fromAttributes(attributes);
  const key = String(item['pk']).slice('TASK#'.length);
  const changes = readList(attributes, 'changes', what).map((brief): DependencyChange => {
    const [type, ...edge] = Array.isArray(brief) ? brief : [];
    const dependency = inFull(edge, key);
    const known = type === 'dependency.added' || type === 'dependency.removed';
    if (dependency === undefined || !known) throw unreadable(item, what);
    return { type, dependency };
  });
  return { changes, ...readChanger(item, what) };
}

/** Each pair once, however many edges say it, in the order of their keys. */
export function neighboursOf({ key, edges }: Pick<StoredEdges, 'key' | 'edges'>): WaitNeighbours {
  const waits = edges.flatMap((edge) => waitEdgeOf(edge) ?? []);
  const blockers = waits.flatMap(({ waiter, blocker }) => (waiter === key ? [blocker] : []));
  const waiters = waits.flatMap(({ waiter, blocker }) => (blocker === key ? [waiter] : []));
  return { blockers: [...new Set(blockers)].sort(), waiters: [...new Set(waiters)].sort() };
}
