import type { ClaimKey, ClaimRecord } from '../../domain/claim.ts';
import { claimPlace } from '../../domain/claim-place.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import { isClosed } from '../../domain/coordination/wait-edge.ts';
import { type Others, type RunningTask, whoGoesFirst } from '../../domain/dispatch/line-of-others.ts';
import { plannedPaths } from '../../domain/held/plan.ts';
import { fullName } from '../../domain/repository.ts';
import { findContinuation } from '../find-continuation.ts';
import type { Gate, ReadyWork } from '../gate.ts';
import { readHeld } from '../held-change.ts';
import { pathsOfPull } from '../paths-of-pull.ts';

/** So many of a repository's runs are asked which files they are at. */
const maxRunning = 20;
/** So many blockers are looked at to name them; that there are open ones the books know without looking. */
const maxBlockers = 50;

/**
 * Which other tasks go before this one: open ones that block it, then runs on the files that its plan or its pull request names.
 * A team begins behind its blockers too; its own steps make way for each other by themselves. Undefined: it may start.
 */
export async function othersFirst(gate: Gate, work: ReadyWork, key: ClaimKey): Promise<Others | undefined> {
  const { books, claims } = gate;
  const begins = work.turn === undefined ? work.work === 'change' : work.turn.by.kind === 'begins';
  if (books === undefined || !begins || work.approved !== undefined) return undefined;
  // A lease of its own, from an earlier try, or anybody's claim: the claim store tells.
  if ((await claims.read(key))?.state === 'held') return undefined;
  // What has a pull request has begun before, and is only to be finished.
  const blockers = work.continues === undefined ? await openBlockers(books.tasks, key) : [];
  const { number } = work.issue;
  const mine = blockers.length > 0 || work.turn !== undefined ? [] : await pathsOfWork(gate, work);
  const running = mine.length === 0 ? [] : await runningHere(gate, work, key);
  return whoGoesFirst(blockers, { issue: number, paths: mine, begun: false }, running);
}

async function openBlockers(
  tasks: { read(key: ClaimKey): Promise<TaskView | undefined> },
  key: ClaimKey,
): Promise<readonly ClaimKey[]> {
  const task = await tasks.read(key);
  if (task === undefined || task.openBlockers === 0) return [];
  const looked = task.blockedBy.slice(0, maxBlockers);
  const open = await Promise.all(looked.map(async (blocker) => (isClosed(await tasks.read(blocker)) ? [] : [blocker])));
  return open.flat();
}

async function pathsOfWork({ forge }: Gate, { continues, follows }: ReadyWork): Promise<readonly string[]> {
  const planned = follows?.plan.steps.flatMap(({ paths }) => paths) ?? [];
  return continues === undefined ? planned : [...planned, ...(await pathsOfPull(forge, continues.pullRequest))];
}

/** Agents that change something in this repository now, with what their plans and pull requests name. */
async function runningHere(gate: Gate, work: ReadyWork, key: ClaimKey): Promise<readonly RunningTask[]> {
  const prefix = `github/${fullName(gate.forge.repository)}/issues/`.toLowerCase();
  const held: ClaimRecord[] = [];
  for await (const record of gate.claims.list({ state: 'held', kind: 'agent', prefix })) {
    if (record.key !== key) held.push(record);
    if (held.length >= maxRunning) break;
  }
  const found = held.map(async (record): Promise<readonly RunningTask[]> => {
    const issue = claimPlace(record.key)?.number;
    if (issue === undefined) return [];
    return [{ key: record.key, issue, begun: true, paths: await pathsOfIssue(gate, work, issue) }];
  });
  return (await Promise.all(found)).flat();
}

async function pathsOfIssue({ forge }: Gate, { request }: ReadyWork, issue: number): Promise<readonly string[]> {
  const [held, own] = await Promise.all([
    readHeld(forge, issue),
    findContinuation(forge, request.settings.branchPrefix, issue),
  ]);
  const planned = held === undefined ? [] : plannedPaths(held.record.plan);
  return own === undefined ? planned : [...planned, ...(await pathsOfPull(forge, own.continuation.pullRequest))];
}
