import type { ClaimKey } from '../claim.ts';
import { claimPlace } from '../claim-place.ts';
import { counted } from '../counted.ts';
import { asCodeSpan } from '../outgoing-text.ts';
import { fullName } from '../repository.ts';
import { goFirst, type TouchingTask } from '../stages/overlaps.ts';

/** What has to end before a task can start, whatever room there is in its budgets. */
export type Others =
  /** Issues that block it, or sub-issues of it, which are open. */
  | { readonly kind: 'blockers'; readonly keys: readonly ClaimKey[] }
  /** Runs that are at work on files which this one's plan or pull request names. */
  | { readonly kind: 'files'; readonly keys: readonly ClaimKey[]; readonly paths: readonly string[] };

export interface RunningTask extends TouchingTask {
  readonly key: ClaimKey;
}

/** Blockers first: while one is open nobody has to know which files others are at. Undefined: nothing goes before it. */
export function whoGoesFirst(
  blockers: readonly ClaimKey[],
  task: TouchingTask,
  running: readonly RunningTask[],
): Others | undefined {
  if (blockers.length > 0) return { kind: 'blockers', keys: blockers };
  const first = goFirst(task, running);
  if (first.length === 0) return undefined;
  const numbers = new Set(first.map(({ issue }) => issue));
  const keys = running.flatMap(({ key, issue }) => (numbers.has(issue) ? [key] : []));
  return { kind: 'files', keys, paths: [...new Set(first.flatMap(({ shared }) => shared))].sort() };
}

/** Those of one repository who wait for other tasks; each starts by itself when its own are over, in no order. */
export function lineOfOthers(kind: Others['kind'], key: ClaimKey): string {
  const place = claimPlace(key);
  return `${kind}/${place === undefined ? key : fullName(place.repository)}`;
}

const maxTold = 5;

/** What a person sees. Issues of other repositories are counted and not named: not everybody here may know of them. */
export function othersText(others: Others, key: ClaimKey, phrase: string): string {
  const leaves = `\`${phrase} stop\` leaves the line.`;
  const who = named(others.keys, key);
  if (others.kind === 'blockers') {
    const why = `Waits in line: it is blocked by ${who}, still open.`;
    return `${why} It starts by itself, about a minute after the last one is closed or blocks it no longer. ${leaves}`;
  }
  const shown = others.paths.slice(0, maxTold).map((path) => asCodeSpan(path, 200));
  const rest = others.paths.length - shown.length;
  const files = rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${counted(rest, 'other')}`;
  return `Waits in line: an agent is at work on the same files for ${who}: ${files}. It starts by itself, about a minute after that has ended. ${leaves}`;
}

function named(keys: readonly ClaimKey[], key: ClaimKey): string {
  const home = claimPlace(key)?.repository;
  const places = keys.map((each) => claimPlace(each));
  const here = places.flatMap((place) =>
    place !== undefined && home !== undefined && fullName(place.repository) === fullName(home) ? [place.number] : [],
  );
  const shown = [...here].sort((a, b) => a - b).slice(0, maxTold);
  const rest = keys.length - shown.length;
  const others =
    rest === 0
      ? []
      : [
          counted(
            rest,
            shown.length === 0 ? 'issue elsewhere' : 'other',
            shown.length === 0 ? 'issues elsewhere' : 'others',
          ),
        ];
  return [...shown.map((number) => `#${number}`), ...others].join(', ');
}
