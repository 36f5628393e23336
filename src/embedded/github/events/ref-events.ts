import type { CommitObject } from '../git/commit-object.ts';
import { emptyTreeSha } from '../git/diff.ts';
import { isAncestor, log } from '../git/history.ts';
import { zeroSha } from '../git/ref-name.ts';
import { accountOf } from '../identity/access.ts';
import { repositoryWebUrl } from '../render/repository.ts';
import { type Scene, sceneFields } from './payloads.ts';

const maxCommits = 20;

export interface RefChange {
  /** Full name. */
  readonly ref: string;
  /** All zeros when it did not, or does not any more, exist. */
  readonly before: string;
  readonly after: string;
  /** The pull request whose merge this is; it is looked after by the merge itself. */
  readonly mergedPull?: number;
}

/** `push`, and `create` or `delete` beside it; branches and tags only, as on GitHub. */
export async function emitRefEvents(scene: Scene, change: RefChange): Promise<void> {
  const { world, repository, actor } = scene;
  const match = /^refs\/(heads|tags)\/(.+)$/.exec(change.ref);
  const short = match?.[2];
  if (short === undefined) return;
  const kind = match?.[1] === 'heads' ? ('branch' as const) : ('tag' as const);
  const common = { ref: short, ref_type: kind, pusher_type: 'user' };
  if (change.before === zeroSha) {
    const payload = {
      ...common,
      master_branch: repository.defaultBranch,
      description: repository.description,
      ...sceneFields(scene),
    };
    world.events.emit({ name: 'create', repository, actor, payload });
  }
  if (change.after === zeroSha) {
    world.events.emit({ name: 'delete', repository, actor, payload: { ...common, ...sceneFields(scene) } });
  }
  if (!world.events.isHeard({ name: 'push', repository, actor })) return;
  world.events.emit({ name: 'push', repository, actor, payload: await pushPayload(scene, change) });
}

async function pushPayload(scene: Scene, change: RefChange) {
  const { world, repository } = scene;
  const { git } = repository;
  const [created, deleted] = [change.before === zeroSha, change.after === zeroSha];
  const from = created ? await git.branchHead(repository.defaultBranch) : change.before;
  const range = { from: change.after, limit: maxCommits, oldestFirst: true };
  const commits = deleted
    ? []
    : await log(git, from === undefined || from === change.after ? range : { ...range, not: from });
  const head = deleted ? undefined : await git.commit(change.after);
  const forced = !created && !deleted && !(await isAncestor(git, change.before, change.after));
  const account = accountOf(scene.actor);
  const html = repositoryWebUrl(world, repository);
  return {
    ref: change.ref,
    before: change.before,
    after: change.after,
    created,
    deleted,
    forced,
    base_ref: null,
    compare: `${html}/compare/${change.before.slice(0, 12)}...${change.after.slice(0, 12)}`,
    commits: await Promise.all((from === change.after ? [] : commits).map((commit) => pushedCommit(scene, commit))),
    head_commit: head === undefined ? null : await pushedCommit(scene, head),
    pusher: { name: account.login, email: `${account.login}@users.noreply.github.com` },
    ...sceneFields(scene),
  };
}

async function pushedCommit(scene: Scene, commit: CommitObject) {
  const { git } = scene.repository;
  const parent = commit.parents[0] ?? emptyTreeSha;
  const listing = await git.run(['diff-tree', '-r', '-z', '--no-renames', '--name-status', parent, commit.sha]);
  const fields = listing.stdout.toString('utf8').split('\0');
  const files = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const list = fields[at] === 'A' ? files.added : fields[at] === 'D' ? files.removed : files.modified;
    list.push(fields[at + 1] ?? '');
  }
  const person = ({ name, email, date }: CommitObject['author']) => ({ name, email, date });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryWebUrl(scene.world, scene.repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    ...files,
  };
}
