import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Git } from './git.ts';

/**
 * What the main repository holds at a release: the sources of the tagged commit and, beside them, the built actions, since the reusable
 * workflows take them from their own commit. Written into `folder`.
 */
export function writeMainTree({
  root,
  assembled,
  folder,
  git,
}: {
  readonly root: string;
  /** What `assembleRelease` wrote. */
  readonly assembled: string;
  readonly folder: string;
  readonly git: Git;
}): void {
  mkdirSync(folder, { recursive: true });
  for (const file of git(['ls-files', '-z'], root).split('\0').filter(Boolean)) {
    cpSync(path.join(root, file), path.join(folder, file), { verbatimSymlinks: true });
  }
  cpSync(path.join(assembled, 'actions'), path.join(folder, 'actions'), {
    recursive: true,
    // Their own pages and licences stand in their own repositories.
    filter: (source) => !/\/(?:README\.md|LICENSE)$/.test(source),
  });
}
