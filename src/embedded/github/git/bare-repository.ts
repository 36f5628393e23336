import { type CommitObject, parseCommit } from './commit-object.ts';
import { type ObjectInfo, ObjectReader } from './object-reader.ts';
import { isRefName, isSha, zeroSha } from './ref-name.ts';
import { defaultHostPath, type GitCommand, type GitExit, runGit } from './run-git.ts';

export interface Ref {
  readonly name: string;
  readonly sha: string;
  readonly type: ObjectInfo['type'];
}

export type RefUpdate = 'updated' | 'conflict';

/** A bare repository on disk, and git itself to read and change it. */
export class BareRepository implements AsyncDisposable {
  readonly dir: string;
  readonly hostPath: string;
  readonly objects: ObjectReader;

  constructor(dir: string, hostPath: string = defaultHostPath) {
    this.dir = dir;
    this.hostPath = hostPath;
    this.objects = new ObjectReader(dir, hostPath);
  }

  run(args: readonly string[], options: Partial<GitCommand> = {}): Promise<GitExit> {
    return runGit({ ...options, args: ['--git-dir', this.dir, ...args], hostPath: this.hostPath });
  }

  async text(args: readonly string[], options: Partial<GitCommand> = {}): Promise<string> {
    return (await this.run(args, options)).stdout.toString('utf8').trimEnd();
  }

  /** The object that a full ref name points at (a tag object stays a tag object). */
  async ref(name: string): Promise<Ref | undefined> {
    if (!name.startsWith('refs/') || !isRefName(name)) return undefined;
    const found = await this.objects.info(name);
    return found === undefined ? undefined : { name, sha: found.sha, type: found.type };
  }

  async branchHead(branch: string): Promise<string | undefined> {
    return (await this.ref(`refs/heads/${branch}`))?.sha;
  }

  /** Every ref whose full name starts with the text; sorted by name. */
  async refsStartingWith(prefix: string): Promise<Ref[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (!isRefName(folder.slice(0, -1))) return [];
    const out = await this.text(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', folder]);
    const refs = out.split('\n').filter((line) => line.startsWith(prefix));
    return refs.map((line) => {
      const [name = '', sha = '', type = 'commit'] = line.split(' ');
      return { name, sha, type: type as ObjectInfo['type'] };
    });
  }

  /** Compare and swap: git's own lock decides. `expected` is all zeros for "must not exist". */
  async updateRef(name: string, sha: string, expected: string): Promise<RefUpdate> {
    const args = sha === zeroSha ? ['update-ref', '-d', name, expected] : ['update-ref', name, sha, expected];
    const exit = await this.run(args, { accept: [1, 128] });
    return exit.code === 0 ? 'updated' : 'conflict';
  }

  /** What GitHub takes as a commit: a branch, a tag, `heads/x`, a full ref name, HEAD, a SHA or its start. */
  async resolveCommit(text: string): Promise<string | undefined> {
    const shaLike = /^[0-9a-f]{4,40}$/.test(text);
    if (isSha(text)) return (await this.objects.info(`${text}^{commit}`))?.sha;
    if (text !== 'HEAD' && !isRefName(text)) return undefined;
    const names = [`refs/heads/${text}`, `refs/tags/${text}`, ...(text.includes('/') ? [`refs/${text}`] : [])];
    if (text === 'HEAD' || text.startsWith('refs/')) names.unshift(text);
    if (shaLike) names.push(text);
    for (const name of names) {
      const found = await this.objects.info(`${name}^{commit}`);
      if (found !== undefined) return found.sha;
    }
    return undefined;
  }

  async commit(sha: string): Promise<CommitObject | undefined> {
    if (!isSha(sha)) return undefined;
    const object = await this.objects.read(sha);
    return object?.type === 'commit' ? parseCommit(object) : undefined;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.text(['for-each-ref', '--count=1', 'refs/heads'])) === '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.objects[Symbol.asyncDispose]();
  }
}
