import { cp, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { removeFolder } from '../../adapters/filesystem/remove-folder.ts';
import { encloseFolder } from '../../adapters/git/enclose-folder.ts';
import { tryGit } from '../../adapters/git/git-command.ts';
import type { TestRun } from '../../domain/test-run.ts';
import { runTests } from '../../flows/run-tests.ts';
import { ownEgressCommand } from '../own-worker.ts';
import { openProofSandbox } from '../sandboxes.ts';

/** What every room of one judgement shares. */
export interface JudgePlace {
  /** The issue's `repo/`. */
  readonly repository: string;
  readonly tempDir: string;
  readonly hostPath: string;
  /** Environment of the commands. */
  readonly env: Readonly<Record<string, string>>;
}

/** A suite of an issue takes seconds; one that takes minutes hangs. */
const longestMs = 180_000;

/** Makes a new copy of the repository for each question, has it prepared, and runs one command there, in a new sandbox. */
export async function runInRoom(
  place: JudgePlace,
  { prepare, command }: { readonly prepare: (folder: string) => Promise<void>; readonly command: string },
  signal: AbortSignal,
): Promise<TestRun> {
  const { repository, tempDir, hostPath, env } = place;
  const folder = await mkdtemp(path.join(tempDir, 'judge-'));
  await using room = new AsyncDisposableStack();
  room.defer(() => removeFolder(folder));
  const workspace = path.join(folder, 'workspace');
  await cp(repository, workspace, { recursive: true });
  await encloseFolder({ folder: workspace, path: hostPath, signal });
  await prepare(workspace);
  const home = path.join(folder, 'home');
  const opening = { task: { env }, workspace, hostPath, home, egress: ownEgressCommand() };
  const sandbox = room.use(await openProofSandbox(opening, signal));
  return await runTests({ command, sandbox, remainingMs: longestMs }, signal);
}

/** What is wrong with it, or undefined. git itself refuses paths outside, into `.git`, and through links. */
export async function applyPatch(
  folder: string,
  patch: string,
  { hostPath }: Pick<JudgePlace, 'hostPath'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const place = { gitDir: path.join(folder, '.git'), workTree: folder, path: hostPath };
  const answer = await tryGit({ args: ['apply', '--whitespace=nowarn', patch], place, signal });
  if (answer.exitCode !== 0) return `the change does not apply: ${answer.stderr.trim().split('\n').at(-1) ?? ''}`;
  // We write into this folder ourselves, from outside of any sandbox.
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd === undefined) return undefined;
  return `the change adds a link: ${path.relative(folder, path.join(odd.parentPath, odd.name))}`;
}

/** Copies files over what is there, whatever a change has put in their place. */
export async function layOver(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await makeWay(to, file);
    await cp(path.join(from, file), path.join(to, file), { force: true });
  }
}

async function makeWay(root: string, file: string): Promise<void> {
  const parts = file.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = path.join(root, ...parts.slice(0, depth));
    const status = await lstat(folder).catch(() => undefined);
    if (status !== undefined && !status.isDirectory()) await rm(folder, { force: true });
    if (status?.isDirectory() !== true) await mkdir(folder);
  }
  await rm(path.join(root, file), { recursive: true, force: true });
}
