/** A token of one installation as it lies in the shared store: sealed, and useless without the key that sealed it. */
export interface SealedToken {
  readonly sealed: Uint8Array;
  /** Milliseconds since 1970, as all times here. */
  readonly mintedAt: number;
  readonly expiresAt: number;
}

/**
 * One token for each installation, shared by all functions. Who may ask GitHub for the next one is decided by one
 * conditional write, so that many who find the old one too old at the same moment make one and not many.
 */
export interface SealedTokenStore {
  read(installation: number): Promise<SealedToken | undefined>;
  /**
   * `mine`: make a new one and `put` it with this `turn`. `taken`: somebody does already, or the stored token was minted after
   * `mintedBefore` meanwhile: read again. A turn whose `until` is over counts no more; its owner died.
   */
  takeTurn(
    installation: number,
    asked: { readonly turn: string; readonly now: number; readonly until: number; readonly mintedBefore: number },
  ): Promise<'mine' | 'taken'>;
  /** Ends the turn. `late`: somebody else has the turn by now, and nothing was stored. */
  put(installation: number, turn: string, token: SealedToken): Promise<'stored' | 'late'>;
  /** The turn was taken and nothing came of it: the next one may try at once. Only this very turn. */
  giveUp(installation: number, turn: string): Promise<void>;
}
