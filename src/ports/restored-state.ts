/**
 * A store that was put back to an earlier moment, before anybody uses it again. Nobody may write into it meanwhile; each step
 * may be done again, and goes on where it ended.
 */
export interface RestoredState {
  /** The highest fence that it knows to be granted, of whatever key. */
  highestFence(): Promise<number>;
  /** Tells in the log what is stored and was not told before the moment came. Tells how many events that took. */
  bringLogUp(): Promise<number>;
  /** Puts every fence to come above the floor and ends every lease of before. Tells how many claims were held. */
  raiseFences(floor: number): Promise<number>;
  /** Records that the log, replayed from its beginning, tells otherwise than they are stored: `claim github/octo/slug/issues/1`. */
  differences(): Promise<readonly string[]>;
  /** After so long everybody who still had the store open goes by the new floor. */
  readonly floorKnownAfterMs: number;
}
