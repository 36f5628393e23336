import { globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findReleases } from '../../../scripts/install-releases.ts';
import type { ChangePair, Files } from './pair.ts';

/** Minor versions of qs that were gone on with after the next one was there, and the newest patch of each that is installed. */
const newest: Readonly<Record<number, number>> = {
  ...{ 2: 6, 3: 5, 4: 3, 5: 5, 6: 3, 7: 5, 8: 5, 9: 9 },
  ...{ 10: 7, 11: 4, 12: 6, 13: 4, 14: 3, 15: 4, 16: 2, 17: 1 },
};

/**
 * Release lines of a package whose archives hold its tests. The base is the first release of the older line, ours is its newest, theirs
 * the newest of the line that followed, or of the one after: people gave both of them the same repairs in different surroundings. What is built (`dist`) and
 * the number of the release (`package.json`) are left out: these are always a conflict, and never a question.
 */
export function releaseLines(count: number): readonly ChangePair[] {
  const folder = findReleases();
  if (folder === undefined) return [];
  const pairs = Object.entries(newest).flatMap(([minor, patch]) =>
    [1, 2].flatMap((further): readonly ChangePair[] => {
      const later = Number(minor) + further;
      const laterPatch = newest[later];
      return laterPatch === undefined
        ? []
        : [pairOf(folder, [`6.${minor}.0`, `6.${minor}.${patch}`, `6.${later}.${laterPatch}`])];
    }),
  );
  return pairs.reverse().slice(0, count);
}

function pairOf(folder: string, versions: readonly [string, string, string]): ChangePair {
  const placeOf = (version: string): string => join(folder, 'node_modules', `qs-${version}`);
  const [base, ours, theirs] = versions.map((version) => filesIn(placeOf(version)));
  const around = (room: string): void => {
    symlinkSync(join(folder, 'node_modules'), join(room, 'node_modules'));
    writeFileSync(join(room, 'package.json'), readFileSync(join(placeOf(versions[2]), 'package.json')));
  };
  return {
    name: `qs ${versions[1]} and ${versions[2]}, from ${versions[0]}`,
    source: 'release lines',
    base: base ?? {},
    ours: ours ?? {},
    theirs: theirs ?? {},
    tests: { around, command: () => [process.execPath, 'node_modules/tape/bin/tape', 'test/*.js'] },
  };
}

function filesIn(place: string): Files {
  const names = globSync(['*', '.*', 'lib/**', 'test/**'], { cwd: place, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1));
  const own = names.filter((name) => name !== 'package.json').sort();
  return Object.fromEntries(own.map((name) => [name, readFileSync(join(place, name), 'utf8')]));
}
