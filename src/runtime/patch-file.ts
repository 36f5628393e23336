import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { openWorkspace } from '../adapters/git/open-workspace.ts';
import type { PatchManifest } from '../domain/patch.ts';

export interface PatchFile {
  readonly patch: PatchManifest;
  /** Absolute path of a working copy that holds the patch's base. */
  readonly workspace: string;
  /** PATH in which git is found. */
  readonly hostPath: string;
  /** Absolute path of the file to write. */
  readonly file: string;
}

/** Writes a patch as `git apply` takes it. */
export async function writePatchFile({ patch, workspace: root, hostPath, file }: PatchFile, signal: AbortSignal) {
  const opening = { root, baseSha: patch.base.sha, tempDir: tmpdir(), path: hostPath, signal };
  await using workspace = await openWorkspace(opening);
  await workspace.adopt(patch, signal);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await workspace.diff(patch, signal));
}
