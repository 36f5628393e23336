/**
 * Loaded before everything else (`node --import …/watch-runs.ts`): appends to the file that ENTROPY_WATCHED_RUNS names, for each
 * attack that was tried, the defences of which it ran a piece. What an attack never runs cannot change how it ends.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { allDefences } from './defences/all.ts';
import { pieceRan } from './piece-ran.ts';

const root = new URL('../../', import.meta.url).href;
const into = process.env['ENTROPY_WATCHED_RUNS'];
const session = into === undefined || into === '' ? undefined : new Session();
/** Pieces that ran while their file was loaded, constants above all: they count for whoever runs anything of the file. */
let atLoad: ReadonlySet<string> | undefined;

session?.connect();
session?.post('Profiler.enable');
session?.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Before the first attack with no name, then with the name of each. Counts begin anew. */
export function noteRuns(attack?: string): void {
  session?.post('Profiler.takePreciseCoverage', (fault, coverage) => {
    if (fault !== null || into === undefined) return;
    const scripts = Map.groupBy(coverage.result, ({ url }) => url);
    const ran = allDefences.filter((defence) => {
      const own = scripts.get(`${root}${defence.file}`) ?? [];
      return own.some(({ functions }) => {
        if (pieceRan(functions, placeOf(defence))) return true;
        return atLoad?.has(defence.id) === true && functions.some(isCalled);
      });
    });
    const ids = ran.map(({ id }) => id);
    if (attack === undefined) atLoad = new Set(ids);
    else appendFileSync(into, `${JSON.stringify({ attack, ran: ids })}\n`);
  });
}

function isCalled({ functionName, ranges }: Profiler.FunctionCoverage): boolean {
  return functionName !== '' && (ranges[0]?.count ?? 0) > 0;
}

const places = new Map<string, { readonly start: number; readonly end: number }>();

function placeOf({ id, file, find }: (typeof allDefences)[number]): { readonly start: number; readonly end: number } {
  const known = places.get(id);
  if (known !== undefined) return known;
  const start = readFileSync(fileURLToPath(`${root}${file}`), 'utf8').indexOf(find);
  const place = { start, end: start + find.length };
  places.set(id, place);
  return place;
}
