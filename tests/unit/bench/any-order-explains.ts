import type { Operation, SequentialModel } from '../../bench/linearizability/history.ts';

/** Wing and Gong's search as it stands in the book, every order tried one by one: for a handful of operations only. */
export function anyOrderExplains<State, Call, Result>(
  model: SequentialModel<State, Call, Result>,
  operations: readonly Operation<Call, Result>[],
  state: State = model.initial,
): boolean {
  const heard = operations.filter(({ result }) => result !== undefined);
  if (heard.length === 0) return true;
  const firstEnd = Math.min(...operations.map(({ end }) => end));
  return operations.some((operation) => {
    if (operation.start > firstEnd) return false;
    const rest = operations.filter((other) => other !== operation);
    const next = model.step(state, operation);
    if (next !== undefined && anyOrderExplains(model, rest, next)) return true;
    // What nobody heard of may never have happened.
    return operation.result === undefined && anyOrderExplains(model, rest, state);
  });
}
