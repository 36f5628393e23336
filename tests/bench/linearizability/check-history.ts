import type { Operation, SequentialModel } from './history.ts';

export type Verdict<State, Call, Result> =
  | { readonly kind: 'linearizable'; readonly mostConfigurations: number; readonly last: readonly State[] }
  | {
      readonly kind: 'not-linearizable';
      /** It ended, and no order of what was under way explains its answer. */
      readonly operation: Operation<Call, Result>;
      /** The states that everything before it allows. */
      readonly states: readonly State[];
      /** Under way when it ended. */
      readonly open: readonly Operation<Call, Result>[];
      /** What ended just before, the newest last. */
      readonly before: readonly Operation<Call, Result>[];
    }
  /** So many answers are missing that the search was given up. */
  | { readonly kind: 'undecided'; readonly operation: Operation<Call, Result>; readonly configurations: number };

/** A state that the object may be in, and which of the calls under way have had their effect in it. */
interface Configuration<State> {
  readonly state: State;
  readonly done: Set<number>;
}

const shownBefore = 8;
/** Nothing that is right or wrong in an interesting way comes near it. */
const mostSearched = 200_000;

/**
 * Whether some order of the operations, each at one moment between its start and its end, is one that the model allows
 * (Herlihy and Wing). Wing and Gong's search in the just-in-time order of Lowe ("Testing for linearizability", 2016):
 * the history is walked through once, a call takes effect no earlier than some answer needs it, and the configurations
 * that are possible at a moment are kept as a set, each once. Where nothing is under way only states are left over, so a
 * history splits at such moments by itself; what is kept never grows with its length.
 *
 * One rule makes it fast where many are refused: a call whose answer fits the present state and which changes nothing
 * takes its effect at once. Nothing is lost: any order in which it comes later stays one when it is moved here.
 */
export function checkHistory<State, Call, Result>(
  model: SequentialModel<State, Call, Result>,
  operations: readonly Operation<Call, Result>[],
): Verdict<State, Call, Result> {
  const starts = operations.map((_, index) => index).sort((a, b) => at(a).start - at(b).start);
  const ends = starts.filter((index) => at(index).end !== Number.POSITIVE_INFINITY);
  ends.sort((a, b) => at(a).end - at(b).end);

  const open = new Set<number>();
  let configurations: readonly Configuration<State>[] = [{ state: model.initial, done: new Set() }];
  let mostConfigurations = 1;
  let nextStart = 0;
  let searched = 0;

  for (const [ended, index] of ends.entries()) {
    const operation = at(index);
    // At the same moment a start comes before an end: then the two overlap, and both orders are allowed.
    for (; nextStart < starts.length; nextStart += 1) {
      const started = starts[nextStart] ?? 0;
      if (at(started).start > operation.end) break;
      open.add(started);
      for (const { state, done } of configurations) if (changesNothing(state, started)) done.add(started);
    }
    const before = configurations;
    searched = 0;
    configurations = distinct(before.flatMap((configuration) => afterEndOf(index, configuration)));
    open.delete(index);
    if (searched > mostSearched) return { kind: 'undecided', operation, configurations: configurations.length };
    mostConfigurations = Math.max(mostConfigurations, configurations.length);
    if (configurations.length === 0) {
      return {
        kind: 'not-linearizable',
        operation,
        states: before.map(({ state }) => state),
        open: [...open].map(at),
        before: ends.slice(Math.max(0, ended - shownBefore), ended).map(at),
      };
    }
  }
  return { kind: 'linearizable', mostConfigurations, last: configurations.map(({ state }) => state) };

  function at(index: number): Operation<Call, Result> {
    const operation = operations[index];
    if (operation === undefined) throw new RangeError(`no operation ${index}`);
    return operation;
  }

  function changesNothing(state: State, index: number): boolean {
    const operation = at(index);
    return operation.result !== undefined && model.step(state, operation) === state;
  }

  /** All configurations in which the operation has had its effect (or, when nobody heard its answer, has none). */
  function afterEndOf(index: number, configuration: Configuration<State>): readonly Configuration<State>[] {
    if (configuration.done.delete(index)) return [configuration];
    const effects = withEffectOf(index, configuration);
    return at(index).result === undefined ? [configuration, ...effects] : effects;
  }

  /** Every way to let calls that are under way take effect, one after the other, so that this one does. */
  function withEffectOf(index: number, from: Configuration<State>): Configuration<State>[] {
    const found: Configuration<State>[] = [];
    const seen = new Set<string>();
    const waiting = [from];
    for (let current = waiting.pop(); current !== undefined && searched <= mostSearched; current = waiting.pop()) {
      searched += 1;
      for (const candidate of open) {
        if (current.done.has(candidate)) continue;
        const state = model.step(current.state, at(candidate));
        if (state === undefined || state === current.state) continue;
        if (candidate !== index && !model.canStillFollow(state, at(index))) continue;
        const next = settle(state, current.done, candidate);
        if (next.done.delete(index)) found.push(next);
        else if (isNew(next, seen)) waiting.push(next);
      }
    }
    return found;
  }

  function settle(state: State, before: ReadonlySet<number>, effect: number): Configuration<State> {
    const done = new Set(before).add(effect);
    for (const index of open) if (!done.has(index) && changesNothing(state, index)) done.add(index);
    return { state, done };
  }

  function distinct(all: readonly Configuration<State>[]): readonly Configuration<State>[] {
    if (all.length < 2) return all;
    const seen = new Set<string>();
    return all.filter((configuration) => isNew(configuration, seen));
  }

  function isNew({ state, done }: Configuration<State>, seen: Set<string>): boolean {
    const name = `${model.identity(state)} ${[...done].sort((a, b) => a - b).join()}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  }
}
