import { fullName, type RepositoryRef } from '../domain/repository.ts';
import type { GateMemory } from '../flows/dispatch/gate-memory.ts';
import { type RequestWords, requestWords } from '../flows/request-words.ts';
import type { Clock } from '../ports/clock.ts';
import { createTokenBuckets, type Rate } from '../server/token-buckets.ts';

/** A changed trigger phrase or label counts after this at the latest. */
const believedMs = 60_000;
/**
 * Of one person in one repository who may not start agents: an answer to so many commands at once, then one in two minutes. The same
 * for comments without a command, where a team might wait for an answer and does not.
 */
const refusalRate: Rate = { burst: 5, perSecond: 1 / 120 };
const maxKnown = 5_000;

/** A memory of one process; kept from one delivery to the next. */
export function createGateMemory(clock: Clock): GateMemory {
  const known = new Map<string, { readonly words: RequestWords; readonly toldAt: number }>();
  const refusals = createTokenBuckets(clock, refusalRate);
  const chatter = createTokenBuckets(clock, refusalRate);
  return {
    wordsOf: (repository) => {
      const told = known.get(nameOf(repository));
      return told !== undefined && clock.monotonic() - told.toldAt < believedMs ? told.words : undefined;
    },
    tellWords: (repository, words) => {
      const name = nameOf(repository);
      known.delete(name);
      known.set(name, { words: requestWords(words), toldAt: clock.monotonic() });
      for (const oldest of known.keys()) {
        if (known.size <= maxKnown) break;
        known.delete(oldest);
      }
    },
    mayTry: (repository, login) => refusals.peek(personIn(repository, login)).kind === 'taken',
    tellRefused: (repository, login) => void refusals.take(personIn(repository, login)),
    mayAnswer: (repository, login) => chatter.peek(personIn(repository, login)).kind === 'taken',
    tellUnanswering: (repository, login) => void chatter.take(personIn(repository, login)),
  };
}

function nameOf(repository: RepositoryRef): string {
  return fullName(repository).toLowerCase();
}

function personIn(repository: RepositoryRef, login: string): string {
  return `${nameOf(repository)} ${login.toLowerCase()}`;
}
