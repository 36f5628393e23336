import { EntropyError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import type { ForgeApp, InstallationToken } from '../ports/forge-app.ts';
import type { MessageSealer } from '../ports/message-sealer.ts';
import type { SealedToken, SealedTokenStore } from '../ports/sealed-token-store.ts';

export interface TokenRoom {
  readonly app: Pick<ForgeApp, 'mintToken'>;
  readonly store: SealedTokenStore;
  readonly sealer: MessageSealer;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** GitHub's tokens live for an hour. One that is younger than this is everybody's. */
const sharedMs = 50 * 60_000;
/** With less left than this it is given to nobody: it would end under a request, or a clock is ahead. */
const marginMs = 3 * 60_000;
/** Longer than a token takes to be made; then its maker has died. */
const turnMs = 30_000;
const lookEveryMs = 200;
const patienceMs = 40_000;

interface Held extends InstallationToken {
  readonly mintedAt: number;
}

/**
 * Tokens of installations, shared by all functions and processes: of many who find the old one too old at the same moment one
 * makes the next, and it lies sealed in the store for the others. Nowhere is it written in the clear.
 */
export function createInstallationTokens(room: TokenRoom): (installation: number) => Promise<string> {
  const held = new Map<number, Held>();
  const asked = new Map<number, Promise<Held>>();
  return async (installation) => {
    const known = held.get(installation);
    if (known !== undefined && isFresh(known, room.clock.now())) return known.token;
    const asking = asked.get(installation) ?? obtain(room, installation);
    asked.set(installation, asking);
    try {
      const token = await asking;
      held.set(installation, token);
      return token.token;
    } finally {
      if (asked.get(installation) === asking) asked.delete(installation);
    }
  };
}

async function obtain(room: TokenRoom, installation: number): Promise<Held> {
  const { store, clock, newId } = room;
  const until = clock.monotonic() + patienceMs;
  for (;;) {
    const stored = await store.read(installation);
    if (stored !== undefined && isFresh(stored, clock.now())) return unseal(room, installation, stored);
    const now = clock.now();
    const turn = newId();
    const taken = await store.takeTurn(installation, {
      turn,
      now,
      until: now + turnMs,
      mintedBefore: now - sharedMs + 1,
    });
    if (taken === 'mine') return mint(room, installation, turn);
    // While somebody makes the next one the old one still is good.
    if (stored !== undefined && isGood(stored, now)) return unseal(room, installation, stored);
    if (clock.monotonic() >= until) throw tooLate(installation);
    await clock.sleep(lookEveryMs);
  }
}

async function mint(room: TokenRoom, installation: number, turn: string): Promise<Held> {
  const { app, store, sealer, clock } = room;
  try {
    const mintedAt = clock.now();
    const made = await app.mintToken(installation);
    const sealed = await sealer.seal(made.token, contextOf(installation));
    await store.put(installation, turn, { sealed, mintedAt, expiresAt: made.expiresAt });
    return { ...made, mintedAt };
  } catch (error) {
    await store.giveUp(installation, turn);
    throw error;
  }
}

async function unseal({ sealer }: TokenRoom, installation: number, stored: SealedToken): Promise<Held> {
  const token = await sealer.open(stored.sealed, contextOf(installation));
  return { token, mintedAt: stored.mintedAt, expiresAt: stored.expiresAt };
}

/** A sealed token opens only as that of its own installation. */
function contextOf(installation: number): Readonly<Record<string, string>> {
  return { purpose: 'installation-token', installation: String(installation) };
}

type Age = Pick<Held, 'mintedAt' | 'expiresAt'>;

function isFresh(token: Age, now: number): boolean {
  return isGood(token, now) && now - token.mintedAt < sharedMs;
}

function isGood({ expiresAt }: Age, now: number): boolean {
  return expiresAt - now > marginMs;
}

function tooLate(installation: number): EntropyError {
  return new EntropyError({
    code: 'E205',
    message: `the token of installation ${installation} was not made in time by whoever makes it`,
    fix: 'try again; if it stays so, look for faults of the dispatcher and the sweeper in their logs',
    retryable: true,
  });
}
