import { git } from './git-command.ts';
import type { TreePair } from './raw-diff.ts';

/**
 * The difference between two commits or trees as `git apply` takes it. Made by plumbing, which reads no configuration about how
 * differences look, and told besides that no program of the repository's may draw or convert them.
 */
export function patchText({ place, from, to, signal }: TreePair): Promise<Buffer> {
  const plain = ['--no-renames', '--no-color', '--no-ext-diff', '--no-textconv'];
  return git({ args: ['diff-tree', '-r', '-p', '--binary', ...plain, from, to], place, signal });
}
