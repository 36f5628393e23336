/** What a task touches, or is going to: paths of files, and folders that end with a slash. */
export interface TouchingTask {
  readonly issue: number;
  readonly paths: readonly string[];
  /** Its code is being written, or lies in an open pull request of a team that still works. */
  readonly begun: boolean;
}

/** Paths that two tasks both touch, in order, as the first one names them; a folder touches all that is below it. */
export function overlaps(one: readonly string[], other: readonly string[]): readonly string[] {
  const theirs = other.map(normalise).filter((path) => path !== '');
  const both = one.filter((path) => {
    const mine = normalise(path);
    return mine !== '' && theirs.some((their) => touches(mine, their));
  });
  return [...new Set(both)].sort();
}

export interface EarlierTask {
  readonly issue: number;
  readonly shared: readonly string[];
}

/**
 * The tasks that go before this one because they touch the same files: those that have begun, and of those that begin at the
 * same moment the ones with the lower number. So of any set one may always go, and nobody waits in a circle.
 */
export function goFirst(task: TouchingTask, others: readonly TouchingTask[]): readonly EarlierTask[] {
  if (task.begun) return [];
  return others
    .filter(({ issue, begun }) => issue !== task.issue && (begun || issue < task.issue))
    .map(({ issue, paths }) => ({ issue, shared: overlaps(task.paths, paths) }))
    .filter(({ shared }) => shared.length > 0)
    .sort((a, b) => a.issue - b.issue);
}

function touches(one: string, other: string): boolean {
  return one === other || isBelow(one, other) || isBelow(other, one);
}

function isBelow(path: string, folder: string): boolean {
  return folder.endsWith('/') && (path.startsWith(folder) || `${path}/` === folder);
}

/** Some file systems tell no case apart, and git keeps one name of the two there. */
function normalise(path: string): string {
  return path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+/g, '/')
    .toLowerCase();
}
