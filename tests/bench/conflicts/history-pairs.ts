import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { drawFrom } from '../../fakes/seeded-numbers.ts';
import { askGit, mergesCleanly } from './oracle.ts';
import type { ChangePair } from './pair.ts';
import { mergeTexts } from './resolvers.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const longest = 60_000;

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * Overlapping changes from this repository's own history. Of three versions of a file in a row the first is the base and the second
 * is ours; theirs is what the third changed, as if it had been made on the first. The third is what a merge has to come to. Only
 * those that git cannot merge. None in a shallow clone, or without git data.
 */
export function historyPairs(count: number): readonly ChangePair[] {
  if (!hasHistory()) return [];
  const draw = drawFrom(7);
  const paths = git('ls-files', 'src')
    .trim()
    .split('\n')
    .filter((path) => path.endsWith('.ts'));
  const pairs: ChangePair[] = [];
  for (let tries = 0; tries < 400 && pairs.length < count; tries += 1) {
    const path = paths.splice(draw.below(paths.length), 1)[0];
    if (path === undefined) break;
    const found = pairOf(path);
    if (found !== undefined) pairs.push(found);
  }
  return pairs;
}

function hasHistory(): boolean {
  try {
    return (
      git('rev-parse', '--is-shallow-repository').trim() === 'false' && Number(git('rev-list', '--count', 'HEAD')) > 50
    );
  } catch {
    return false;
  }
}

function pairOf(path: string): ChangePair | undefined {
  const commits = git('log', '-16', '--format=%H', '--', path).trim().split('\n');
  for (let at = 0; at + 2 < commits.length; at += 1) {
    const [after, ours, base] = commits.slice(at, at + 3).map((commit) => versionAt(commit, path));
    if (after === undefined || ours === undefined || base === undefined) continue;
    const theirs = mergeTexts({ base: ours, ours: after, theirs: base });
    if (theirs === undefined || theirs === base || mergesCleanly({ base, ours, theirs })) continue;
    // The third version took back what the second had done: no merge of both.
    const undoes = askGit({ base, ours, theirs, merged: after }).some(({ lost }) => lost > 0);
    if (undoes) continue;
    return {
      name: `${path} at ${commits[at]?.slice(0, 10)}`,
      source: 'history',
      base: { [path]: base },
      ours: { [path]: ours },
      theirs: { [path]: theirs },
      resolved: { [path]: after },
      needsPerson: false,
    };
  }
  return undefined;
}

function versionAt(commit: string, path: string): string | undefined {
  try {
    const text = git('show', `${commit}:${path}`);
    return text.length > longest ? undefined : text;
  } catch {
    return undefined;
  }
}
