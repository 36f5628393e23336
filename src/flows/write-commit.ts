import { commitMessage } from '../domain/commit-message.ts';
import { EntropyError } from '../domain/error.ts';
import type { PatchFile, PatchManifest } from '../domain/patch.ts';
import { contentBytes } from '../domain/patch-check.ts';
import { mergeIn } from '../domain/task.ts';
import type { Forge, TreeEntry } from '../ports/forge.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun, ReadyChange } from './publish-run.ts';

/**
 * The change as a commit on its base, through the Git Data API: two calls for text, one more for each binary file. The
 * tree that results must be the very one that was handed over and tested. The caller has just begun the effect `commit`,
 * which covers the first of these writes.
 */
export async function writeCommit(run: PublishRun, change: ReadyChange): Promise<string> {
  const { forge, task } = run;
  const { manifest, result } = change;
  const goOn = async (): Promise<void> => void (await mayWrite(run, 'commit'));
  const treeSha = await writeTree(forge, manifest, goOn);
  await goOn();
  const commit = await forge.createCommit({
    message: commitMessage(task, result),
    treeSha,
    parents: parentsOf(run, manifest),
  });
  refuseUndeclared(manifest, await pathsChanged(run, manifest, commit.sha));
  return commit.sha;
}

/** The very tree that was handed over, or E600. `goOn` is asked between two writes. */
export async function writeTree(
  forge: Pick<Forge, 'createBlob' | 'createTree'>,
  manifest: PatchManifest,
  goOn: () => Promise<void>,
): Promise<string> {
  const entries: TreeEntry[] = [];
  for (const file of manifest.files) entries.push(await treeEntry(forge, file, goOn));
  const treeSha = await forge.createTree(manifest.base.treeSha, entries);
  if (treeSha !== manifest.treeSha) throw otherTree(manifest, treeSha);
  return treeSha;
}

/** One, or of a merge two: the head that the branch has, then the base that the patch was made against. */
export function parentsOf({ task }: Pick<PublishRun, 'task'>, { base }: PatchManifest): readonly string[] {
  const merge = mergeIn(task);
  return merge === undefined ? [base.sha] : [merge.oursSha, base.sha];
}

/** Against the commit that the patch was made against, which is a merge's second parent. */
async function pathsChanged(run: PublishRun, { base }: PatchManifest, sha: string): Promise<readonly string[]> {
  if (mergeIn(run.task) === undefined) return run.forge.changedPaths(sha);
  const compared = await run.forge.compare(base.sha, sha);
  const paths = compared.kind === 'ahead' ? compared.paths : [];
  if (paths !== undefined) return paths;
  throw new EntropyError({
    code: 'E601',
    message:
      'the merge changes more files than GitHub tells, so nobody can say that it changes what the hand-over names',
    fix: 'merge the base branch by hand',
  });
}

/**
 * The rules were checked on the paths that the manifest names; the tree that results is asked for its own. A file that is
 * put in the place of a folder deletes everything in it, protected paths too, and only the tree tells.
 */
export function refuseUndeclared(manifest: PatchManifest, changed: readonly string[]): void {
  const declared = new Set(manifest.files.map((file) => file.path));
  const found = new Set(changed);
  const strange = [...found]
    .filter((path) => !declared.has(path))
    .concat([...declared].filter((path) => !found.has(path)));
  if (strange.length === 0) return;
  throw new EntropyError({
    code: 'E600',
    message: `the commit does not change what the hand-over names: ${strange
      .slice(0, 5)
      .map((path) => JSON.stringify(path))
      .join(', ')}`,
    fix: 'start the run again; if it happens twice, report it with the run’s result.json',
  });
}

/** Whether a commit is the one that `writeCommit` makes (its time stamps make its id new each time). */
export async function isCommitOf(run: PublishRun, manifest: PatchManifest, sha: string): Promise<boolean> {
  const commit = await run.forge.commit(sha);
  const parents = parentsOf(run, manifest);
  const onBase =
    commit.parents.length === parents.length && parents.every((parent, at) => commit.parents[at] === parent);
  return onBase && commit.treeSha === manifest.treeSha;
}

async function treeEntry(
  forge: Pick<Forge, 'createBlob'>,
  file: PatchFile,
  goOn: () => Promise<void>,
): Promise<TreeEntry> {
  const { path } = file;
  if (file.change === 'deleted') return { kind: 'delete', path };
  const { mode } = file;
  if (mode !== '100644' && mode !== '100755') throw new Error(`mode ${mode} passed the patch check`);
  const inline = file.encoding === 'utf-8' && !file.content.includes('\0');
  if (inline) return { kind: 'text', path, mode, content: file.content };
  const sha = await forge.createBlob(contentBytes(file) ?? new Uint8Array());
  // For the write that follows: another blob, or the tree.
  await goOn();
  if (sha !== file.blobSha) throw notTheSame(`the file ${JSON.stringify(path)}`, file.blobSha, sha);
  return { kind: 'blob', path, mode, sha };
}

function otherTree(manifest: PatchManifest, found: string): EntropyError {
  return notTheSame('the tree', manifest.treeSha, found);
}

function notTheSame(what: string, expected: string, found: string): EntropyError {
  return new EntropyError({
    code: 'E600',
    message: `${what} that was built is ${found}, but ${expected} was handed over`,
    fix: 'start the run again; if it happens twice, report it with the run’s result.json',
  });
}
