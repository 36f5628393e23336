import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type GitPlace, git, gitLine } from './git-command.ts';
import { noMode, type RawChange, rawDiff } from './raw-diff.ts';

export interface LayOverRequest {
  readonly place: GitPlace;
  /** What changed is the difference between these two trees … */
  readonly from: string;
  readonly to: string;
  /** … and it is laid, file by file, over the tree of this commit. */
  readonly onto: string;
  readonly signal: AbortSignal;
}

/** The tree that results when each path that differs between two trees is put, as it is in the second, over a third. */
export async function layOver({ place, from, to, onto, signal }: LayOverRequest): Promise<string> {
  const indexFile = path.join(place.gitDir, 'index-lay-over');
  const laying: GitPlace = { ...place, indexFile };
  try {
    await git({ args: ['read-tree', onto], place: laying, signal });
    const changes = await rawDiff({ place, from, to, signal });
    // What goes away goes first: a file may make room for a folder of its name.
    const ordered = [...changes.filter(goesAway), ...changes.filter((change) => !goesAway(change))];
    const args = ['update-index', '-z', '--add', '--replace', '--index-info'];
    await git({ args, place: laying, signal, stdin: ordered.map(indexLine).join('') });
    return await gitLine({ args: ['write-tree'], place: laying, signal });
  } finally {
    await rm(indexFile, { force: true });
  }
}

function goesAway(change: RawChange): boolean {
  return change.newMode === noMode;
}

function indexLine(change: RawChange): string {
  return `${goesAway(change) ? '0' : change.newMode} ${change.newSha}\t${change.path}\0`;
}
