import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from '../../../src/runtime/package-root.ts';
import { evaluateHere } from './evaluate-here.ts';

export interface Resumed {
  readonly judgedBeforeTheKill: number;
  readonly underWay: number;
  /** Processes of attempts that went on although nobody listens. */
  readonly leftBehind: number;
  /** What is told of each attempt, without times and places. */
  readonly told: readonly string[];
  /** Attempts that were judged twice. */
  readonly twice: number;
}

/** `evaluate` as a process, killed with SIGKILL in its second attempt, and gone on with by another one. */
export async function killAndResume(
  root: string,
  only: readonly string[],
  progress: (line: string) => void,
): Promise<Resumed> {
  const outDir = path.join(root, 'killed');
  const file = path.join(outDir, 'results.jsonl');
  const args = ['evaluate', '--model', 'reference', '--only', only.join(','), '--out', outDir, '--parallel', '1'];
  const child = spawn(process.execPath, [path.join(packageRoot(), 'src/cli/main.ts'), ...args], {
    env: { ...process.env, ENTROPY_STATE_DIR: path.join(packageRoot(), '.cache') },
    stdio: 'ignore',
  });
  // It is in the middle of the second one: the first has ended, and the next has begun to leave files.
  await until(child, () => count(file, '"ended"') >= 1 && runFolders(outDir) >= 2);
  const tree = treeOf(child.pid ?? 0);
  const judgedBeforeTheKill = count(file, '"ended"');
  child.kill('SIGKILL');
  await once(child, 'close');
  progress(`killed after ${judgedBeforeTheKill} of ${only.length}`);
  const leftBehind = await goneWithin(60_000, tree);
  const model = { kind: 'reference' } as const;
  await evaluateHere({ model, modelName: 'reference', only, outDir, resume: file, progress });
  const told = toldIn(file);
  return {
    judgedBeforeTheKill,
    underWay: count(file, '"started"') - only.length,
    leftBehind,
    told: [...new Set(told)].sort(),
    twice: count(file, '"ended"') - only.length,
  };
}

/** One line for each attempt: what it was, how it ended, and the hash of the change. */
export function toldIn(file: string): readonly string[] {
  return linesOf(file)
    .filter((line) => line.includes('"ended"'))
    .map((line) => {
      const { issue, attempt, verdict, reason, outcome, turns, patchSha256 } = JSON.parse(line) as Record<
        string,
        unknown
      >;
      return JSON.stringify([issue, attempt, verdict, reason, outcome, turns, patchSha256]);
    })
    .sort();
}

async function until(child: ChildProcess, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 180_000; Date.now() < deadline; await delay(50)) {
    if (holds()) return;
    if (child.exitCode !== null)
      throw new Error(`the evaluation ended with ${child.exitCode} before it could be killed`);
  }
  child.kill('SIGKILL');
  throw new Error('the evaluation did not get to its second attempt');
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

function count(file: string, word: string): number {
  return linesOf(file).filter((line) => line.startsWith(`{"type":${word}`)).length;
}

function runFolders(outDir: string): number {
  return existsSync(outDir) ? readdirSync(outDir).filter((name) => name !== 'results.jsonl').length : 0;
}

function treeOf(pid: number): readonly number[] {
  const folder = `/proc/${pid}/task`;
  const threads = existsSync(folder) ? readdirSync(folder) : [];
  const children = threads.flatMap((thread) => {
    const file = `${folder}/${thread}/children`;
    return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  });
  return children.flatMap((each) => [each, ...treeOf(each)]);
}

async function goneWithin(ms: number, pids: readonly number[]): Promise<number> {
  const alive = (): number => pids.filter((pid) => existsSync(`/proc/${pid}`)).length;
  for (const deadline = Date.now() + ms; alive() > 0 && Date.now() < deadline; await delay(100));
  return alive();
}
