import type { PatchManifest } from '../domain/patch.ts';
import {
  type ChangedFile,
  needsBase,
  type WeakenedTest,
  weakenedTests,
} from '../domain/test-changes/weakened-tests.ts';
import type { Forge } from '../ports/forge.ts';

/** What a change does to tests, compared with its base as the forge has it. */
export async function findWeakenedTests(
  forge: Pick<Forge, 'file'>,
  manifest: PatchManifest,
  testCommand: string | undefined,
): Promise<readonly WeakenedTest[]> {
  const files: ChangedFile[] = [];
  for (const file of manifest.files) {
    const bytes = needsBase(file, testCommand) ? await forge.file(file.path, manifest.base.sha) : undefined;
    files.push({ file, before: bytes === undefined ? undefined : new TextDecoder().decode(bytes) });
  }
  return weakenedTests(files, testCommand);
}
