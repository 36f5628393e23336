import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from './temp-folder.ts';

export interface RealRepository extends Disposable {
  /** A folder that holds `work` (the repository) and `temp` (an empty folder beside it). */
  readonly root: string;
  readonly temp: string;
  /** Any git command in the repository, its trimmed output. */
  git(...args: string[]): string;
  write(name: string, content: string | Uint8Array): void;
  chmod(name: string, mode: number): void;
  /** Commits all that is there and returns the commit. */
  commit(message?: string): string;
}

/** A real git repository with these files in its first commit; none when there are no files. */
export function realRepository(files: Readonly<Record<string, string | Uint8Array>> = {}): RealRepository {
  const folder = tempFolder();
  const root = path.join(folder.root, 'work');
  const temp = path.join(folder.root, 'temp');
  mkdirSync(root);
  mkdirSync(temp);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.test', '-c', 'commit.gpgsign=false'];
  const git = (...args: string[]): string =>
    execFileSync('git', [...identity, ...args], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  };
  const commit = (message = 'change'): string => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  if (Object.keys(files).length > 0) commit('first');
  return {
    root,
    temp,
    git,
    write,
    commit,
    chmod: (name, mode) => chmodSync(path.join(root, name), mode),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
