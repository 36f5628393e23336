import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '../../../../src/adapters/git/open-workspace.ts';
import type { PatchManifest } from '../../../../src/domain/patch.ts';
import { type RealRepository, realRepository } from '../../../fakes/real-repository.ts';
import { type Containment, contained, escaped, hindered, type Passage, passed } from '../attack.ts';

export const usualPath = '/usr/local/bin:/usr/bin:/bin';
const runId = '01JD0000000000000000000000';

/** A real repository, and a program beside it that leaves a mark when anybody runs it. */
export interface Trap extends Disposable {
  readonly repository: RealRepository;
  /** Absolute path of the program; it passes its input on, so that nobody notices. */
  readonly program: string;
  readonly sprung: () => boolean;
  /** Forgets that it was sprung while it was laid. */
  readonly rearm: () => void;
}

export function layTrap(files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' }): Trap {
  const repository = realRepository(files);
  const beside = path.dirname(repository.root);
  const program = path.join(beside, 'program');
  const mark = path.join(beside, 'mark');
  writeFileSync(program, `#!/bin/sh\n: >'${mark}'\nexec cat\n`, { mode: 0o755 });
  return {
    repository,
    program,
    sprung: () => existsSync(mark),
    rearm: () => rmSync(mark, { force: true }),
    [Symbol.dispose]: () => repository[Symbol.dispose](),
  };
}

/** What the process outside of the sandbox does with the files: opens them, marks the start, and makes the patch. */
export async function collect(
  repository: RealRepository,
  work: () => void,
  signal: AbortSignal,
  searchPath = usualPath,
): Promise<{ readonly patch: PatchManifest | undefined; readonly text: string }> {
  await using workspace = await openWorkspace({
    root: repository.root,
    tempDir: repository.temp,
    path: searchPath,
    signal,
  });
  await workspace.markStart(signal);
  work();
  const patch = await workspace.collectPatch(runId, signal);
  return { patch, text: patch === undefined ? '' : await workspace.diff(patch, signal) };
}

/** The verdict on a program that must not have run, whatever else came of it. */
export function unsprung(trap: Trap, how: string): Containment {
  return trap.sprung() ? escaped('the program that the repository names ran outside of the sandbox') : contained(how);
}

/** The twin's: the change came through. */
export function changed(patch: PatchManifest | undefined, name: string): Passage {
  const paths = patch?.files.map((file) => file.path) ?? [];
  return paths.includes(name) ? passed(`the patch holds ${paths.join(', ')}`) : hindered(`the patch lacks ${name}`);
}
