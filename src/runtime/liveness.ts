import type { ClaimRecord } from '../domain/claim.ts';
import { describeError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogEntry } from '../server/app-options.ts';
import { createTokenBuckets, type Rate } from '../server/token-buckets.ts';

export interface LivenessOptions {
  /** Whether GitHub says that the run behind the claim has ended; throws when GitHub does not tell. */
  readonly ask: (record: ClaimRecord) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: (entry: LogEntry) => void;
}

interface Known {
  readonly askedAt: number;
  readonly dead: Promise<boolean>;
}

/** A caller waits no longer than this for GitHub; the run counts as alive then. */
const patienceMs = 10_000;
const maxKnown = 10_000;
/** Of one repository: whoever works there names the runs, and all repositories share the token's requests of an hour. */
const questionRate: Rate = { burst: 500, perSecond: 0.5 };

/**
 * GitHub's word on runs, asked for once however many want to know: many contend for one claim, and the sweeper looks at
 * every claim each minute, which would use up the token's requests. That a run has ended stays true; that it lives is
 * believed for as long as each asker says. Taking an issue from a run that works on it costs more than waiting for its
 * lease, so whoever does not tell says no.
 */
export function createLiveness({ ask, clock, log }: LivenessOptions) {
  const known = new Map<string, Known>();
  const questions = createTokenBuckets(clock, questionRate);

  const askOnce = (name: string, record: ClaimRecord): Promise<boolean> => {
    const dead = withinPatience(ask(record), clock).catch((error: unknown) => {
      log({ event: 'GitHub does not tell whether a run lives', key: record.key, fault: describeError(error) });
      return false;
    });
    known.delete(name);
    known.set(name, { askedAt: clock.monotonic(), dead });
    for (const oldest of known.keys()) {
      if (known.size <= maxKnown) break;
      known.delete(oldest);
    }
    return dead;
  };

  /** Whether the run has ended, by an answer that is no older than this. */
  return (believedMs: number) =>
    async (record: ClaimRecord): Promise<boolean> => {
      const run = record.holder.workflowRun;
      if (run === undefined) return false;
      const name = `${record.key} ${run.id} ${run.attempt}`;
      const before = known.get(name);
      const isFresh = before !== undefined && clock.monotonic() - before.askedAt < believedMs;
      if (before !== undefined && (isFresh || (await before.dead))) return before.dead;
      const repository = record.key.split('/').slice(0, 3).join('/');
      return questions.take(repository).kind === 'taken' ? askOnce(name, record) : false;
    };
}

async function withinPatience(answer: Promise<boolean>, clock: Clock): Promise<boolean> {
  const answered = new AbortController();
  const late = clock.sleep(patienceMs, answered.signal).then(
    () => Promise.reject(new DOMException('GitHub took too long', 'TimeoutError')),
    () => false,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}
