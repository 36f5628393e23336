/**
 * One call to a shared object, as its caller saw it. `start` and `end` are readings of one clock that all callers share
 * and that never goes back.
 */
export interface Operation<Call, Result> {
  readonly process: string;
  readonly call: Call;
  /**
   * Absent: the caller never heard (it was killed, the answer was lost). Then the call may have had its effect at any
   * moment from `start` to `end`, or not at all.
   */
  readonly result?: Result;
  readonly start: number;
  /** `Infinity`: the call may still be on its way when everything is over. */
  readonly end: number;
}

/** What the object is when only one caller at a time uses it. */
export interface SequentialModel<State, Call, Result> {
  readonly initial: State;
  /**
   * The state after the call was answered so; undefined when it cannot be answered so in this state. The very same
   * object when the call changes nothing. For a call without a result: the state that its effect leads to, and undefined
   * when it has none here.
   */
  step(state: State, operation: Operation<Call, Result>): State | undefined;
  /** Two states are the same when these texts are. */
  identity(state: State): string;
  /** False when this operation can never follow, whatever comes in between. Only spares work; true is always right. */
  canStillFollow(state: State, operation: Operation<Call, Result>): boolean;
}
