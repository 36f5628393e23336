import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ulid } from 'ulid';
import { checkNewBranch, commitPatch } from '../adapters/git/commit-patch.ts';
import { findBranch } from '../adapters/git/find-branch.ts';
import type { GitPlace } from '../adapters/git/git-command.ts';
import { inspectRepository } from '../adapters/git/inspect-repository.ts';
import { readBaseFile } from '../adapters/git/read-base-file.ts';
import { slugOf } from '../domain/branch-name.ts';
import { sandboxTrailer } from '../domain/commit-message.ts';
import { EntropyError } from '../domain/error.ts';
import type { LocalReport, LocalRunOptions, RunLocal } from '../domain/local-run.ts';
import { printModelChoice } from '../domain/model-choice.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { checkPatch, describeProblems } from '../domain/patch-check.ts';
import type { SandboxRung } from '../domain/sandbox-rung.ts';
import type { Task } from '../domain/task.ts';
import { blobId } from '../flows/blob-id.ts';
import { openAgentRoom } from './agent-room.ts';
import { readEnvironment } from './config.ts';
import { handOverFiles } from './hand-over.ts';
import { localTask } from './local-task.ts';
import { noCommit } from './no-commit.ts';
import { writePatchFile } from './patch-file.ts';
import { runFiles, runFolder } from './run-folder.ts';
import { reportOf } from './run-report.ts';

/**
 * One task against a repository of this machine: the agent works in a copy of its last commit, and what it made comes
 * back as a patch file or as a new branch. The person's own files are never touched.
 */
export const runLocal: RunLocal = async (options, onEvent, signal) => {
  const startedAt = performance.now();
  const { hostPath, stateDir } = readEnvironment();
  const { repository } = options;
  const state = await inspectRepository({ path: repository, tempDir: tmpdir(), searchPath: hostPath, signal });
  if (state.head === undefined) throw noCommit(repository);
  const place = { gitDir: state.commonDir, path: hostPath };
  const newBranch = branchOf(options);
  if (newBranch !== undefined) await checkNewBranch({ place, branch: newBranch, signal });
  const runId = ulid();
  const checkedOut = { head: state.head, branch: state.branch ?? 'HEAD' };
  const base = options.settings.base === undefined ? checkedOut : await namedBase(options.settings.base, place, signal);
  const task = await taskOf(options, { runId, ...base, place, signal });
  const resultDir = options.keepDir ?? runFolder(stateDir, runId);
  await mkdir(resultDir, { recursive: true });
  const from = { kind: 'path', gitDir: state.commonDir } as const;
  await using room = await openAgentRoom({ task, from, resultDir, onEvent, walls: options.walls }, signal);
  const result = await room.work(signal);
  const report = reportOf({
    task,
    result,
    durations: { ...room.durations, ...result.durations, total: Math.round(performance.now() - startedAt) },
    trajectory: join(resultDir, handOverFiles.trajectory),
  });
  if (result.patch === undefined) return { ...report, repository };
  // Who was interrupted keeps what was done until then.
  const interrupted = signal.aborted;
  const delivered = await deliver({
    options,
    reason: result.reason,
    rung: result.sandbox.rung,
    patch: result.patch,
    room,
    task,
    resultDir,
    place,
    interrupted,
    signal: interrupted ? AbortSignal.timeout(savingMs) : signal,
  });
  return { ...report, ...delivered, repository };
};

/** Undefined when the patch is delivered as a file alone. */
function branchOf({ delivery, settings, task }: LocalRunOptions): string | undefined {
  if (delivery.kind === 'patch-file') return undefined;
  return delivery.name ?? `${settings.branchPrefix}${slugOf(task.title)}`;
}

/** Where the work starts from when the person names a branch; what is checked out does not matter then. */
async function namedBase(branch: string, place: GitPlace, signal: AbortSignal) {
  const head = await findBranch(place, branch, signal);
  if (head !== undefined) return { head, branch };
  throw new EntropyError({
    code: 'E505',
    message: `there is no branch ${branch} in this repository, nor in what was fetched from origin`,
    fix: 'check the name (git branch -a), fetch it, or leave --base out to work on what is checked out',
  });
}

interface TaskContext {
  readonly runId: string;
  readonly head: string;
  readonly branch: string;
  readonly place: { readonly gitDir: string; readonly path: string };
  readonly signal: AbortSignal;
}

async function taskOf(options: LocalRunOptions, { runId, head, branch, place, signal }: TaskContext): Promise<Task> {
  const { settings } = options;
  const instructions: { path: string; text: string }[] = [];
  for (const path of ['AGENTS.md', 'CLAUDE.md']) {
    const text = await readBaseFile({ place, sha: head, path, signal });
    if (text !== undefined && text.trim() !== '') instructions.push({ path, text });
  }
  return localTask({
    runId,
    text: options.task,
    repositoryName: basename(options.repository),
    baseSha: head,
    baseBranch: branch,
    settings: { ...settings, model: printModelChoice(options.model, settings.model) },
    instructions,
    now: Date.now(),
  });
}

type Delivered = Pick<LocalReport, 'patchPath' | 'branch' | 'headSha'> & { readonly reason?: string };

interface Delivery {
  /** How the run ended, in words. */
  readonly reason: string;
  readonly rung: SandboxRung;
  readonly options: LocalRunOptions;
  readonly patch: PatchManifest;
  readonly room: { readonly workspace: string };
  readonly task: Task;
  readonly resultDir: string;
  readonly place: { readonly gitDir: string; readonly path: string };
  /** Somebody ended the run: what is saved becomes no branch. */
  readonly interrupted: boolean;
  readonly signal: AbortSignal;
}

/** Two calls of git, on a machine that may be busy. */
const savingMs = 8_000;

/**
 * The patch file is written in any case: a run that failed half way is paid for as well. A branch is only made of what
 * keeps the rules; a run that ended without submitting was never held to them.
 */
async function deliver(delivery: Delivery): Promise<Delivered> {
  const { options, patch, room, task, resultDir, place, signal } = delivery;
  const wanted = options.delivery.kind === 'patch-file' ? options.delivery.path : undefined;
  const patchPath = wanted ?? join(resultDir, runFiles.patch);
  await writePatchFile({ patch, workspace: room.workspace, hostPath: place.path, file: patchPath }, signal);
  const branch = branchOf(options);
  if (delivery.interrupted) {
    const reason = `${delivery.reason} What was changed until then is saved: \`git apply ${patchPath}\` goes on from it.`;
    return { patchPath, branch: null, headSha: null, reason };
  }
  if (branch === undefined) return { patchPath, branch: null, headSha: null };
  const problems = describeProblems(checkPatch(patch, task.patchPolicy, blobId), 5);
  if (problems.length > 0) {
    const reason = `${delivery.reason} No branch was made, for the change breaks rules: ${problems.join('; ')}.`;
    return { patchPath, branch: null, headSha: null, reason };
  }
  const trailers = [`Agent-Run: ${task.runId}`, `Agent-Role: ${task.agent.role}`, `Assisted-by: ${task.agent.model}`];
  const message = `${task.issue.title}\n\n${[...trailers, ...sandboxTrailer(delivery.rung)].join('\n')}\n`;
  const headSha = await commitPatch({ place, patch, branch, message, signal });
  return { patchPath, branch, headSha };
}
