import { parseMarkers } from '../../../src/domain/markers.ts';
import { readTrackingComment } from '../../../src/domain/tracking-state.ts';
import type { SentWrite } from './held-up.ts';
import type { PlayedScene } from './zombie-scene.ts';
import { owner, type ZombieWorld } from './zombie-world.ts';

export interface SceneJudgement {
  readonly problems: readonly string[];
  /** Of each zombie what was under way when its claim was lost, and nobody can call back. */
  readonly inFlight: readonly string[];
  /** Pull requests that were opened beside the rightful one, and are closed. */
  readonly closedPulls: number;
}

interface Pull {
  readonly number: number;
  readonly state: string;
  readonly merged_at: string | null;
  readonly body: string;
  readonly head: { readonly ref: string; readonly sha: string };
}

/** By what GitHub itself says about the issue, its comments, its pull requests and the base branch. */
export async function judgeScene(world: ZombieWorld, scene: PlayedScene): Promise<SceneJudgement> {
  const { plan, issue, zombies } = scene;
  const problems: string[] = [];
  const read = async <Value>(path: string): Promise<Value> => {
    const token = world.github.userToken('alice');
    const answer = await fetch(`${world.github.apiUrl}/repos/${owner}/${plan.repository}/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await answer.json()) as Value;
  };

  const main = await read<{ object: { sha: string } }>('git/ref/heads/main');
  if (main.object.sha !== scene.baseSha) problems.push('the base branch moved');
  const newest = await read<Pull[]>('pulls?state=all&per_page=100&sort=created&direction=desc');
  const pulls = newest.filter(({ head }) => head.ref.startsWith(`agent/${issue}/`));
  problems.push(...judgePulls(scene, pulls));
  const comments = await read<{ id: number; body: string }[]>(`issues/${issue}/comments?per_page=100`);
  problems.push(...judgeComments(scene, comments));
  problems.push(...(await judgeBooks(world, scene)));

  const inFlight: string[] = [];
  for (const { writes, tried } of zombies) {
    const late = lateWrites(writes);
    inFlight.push(...late.slice(0, 1));
    problems.push(...late.slice(1).map((write) => `a zombie wrote after its claim was lost: ${write}`));
    if (tried.merges.includes('merged')) problems.push('the merge of a zombie was accepted');
    if (tried.pushes.includes('updated')) problems.push('a zombie pushed under an open pull request');
  }
  const held = zombies.map(({ heldAt, loss, plan: { wakes } }) => `${heldAt}, ${loss}, woke ${wakes}`).join('; ');
  const where = `issue ${issue} of ${plan.repository}, ${plan.work}; held up ${held}`;
  const closedPulls = pulls.filter(({ state }) => state === 'closed').length;
  return { problems: problems.map((problem) => `${problem} (${where})`), inFlight, closedPulls };
}

function judgePulls({ zombies, last: { report } }: PlayedScene, pulls: readonly Pull[]): string[] {
  const problems: string[] = [];
  const open = pulls.filter(({ state }) => state === 'open');
  if (open.length !== 1) problems.push(`${open.length} pull requests are open`);
  if (pulls.some((pull) => pull.merged_at !== null)) problems.push('a pull request was merged');
  const told = pulls.filter(({ state }) => state === 'closed').every(({ body }) => body.includes('superseded by'));
  if (!told) problems.push('a pull request was closed without a word');
  if (report.outcome !== 'succeeded') {
    // On a branch that was there a push that was under way may land first; then the work is kept beside it, and said so.
    const early = zombies.some(({ plan: { wakes } }) => wakes === 'early');
    const kept = report.error?.code === 'E604' && report.reason.startsWith('Somebody pushed to ');
    if (!early || !kept) problems.push(`the last run ended ${report.outcome}: ${report.reason}`);
    return problems;
  }
  const own = open.find(({ number }) => number === report.pullRequest?.number);
  if (own === undefined) problems.push("the last run's pull request is not open");
  else if (own.head.sha !== report.headSha) problems.push("the last run's pull request shows another commit");
  return problems;
}

function judgeComments(
  { runIds, last }: PlayedScene,
  comments: readonly { readonly id: number; readonly body: string }[],
): string[] {
  const problems: string[] = [];
  const marks = comments.map(({ body }) => JSON.stringify(parseMarkers(body)[0]));
  if (new Set(marks).size !== marks.length) problems.push('a comment was written twice');
  for (const runId of runIds) {
    const own = comments.filter(({ body }) => readTrackingComment(body)?.runId === runId);
    if (own.length !== 1) problems.push(`run ${runId} has ${own.length} tracking comments`);
    if (own.some(({ body }) => readTrackingComment(body)?.working !== false)) problems.push(`run ${runId} "works"`);
    const pull = last.report.pullRequest?.number;
    const unnamed = pull !== undefined && own.some(({ body }) => !body.includes(`#${pull}`));
    if (runId === last.task.runId && unnamed) problems.push('the last comment does not name its pull request');
  }
  return problems;
}

async function judgeBooks({ books }: ZombieWorld, { runIds, last }: PlayedScene): Promise<string[]> {
  if (books === undefined) return [];
  const problems: string[] = [];
  const task = await books.tasks.read(last.task.lease.key);
  if (task?.runId !== last.task.runId) problems.push(`the books give the task to ${task?.runId}`);
  const wanted = last.report.outcome === 'succeeded' ? 'in_review' : 'blocked';
  if (task?.state !== wanted) problems.push(`the books say that the task is ${task?.state}`);
  for (const runId of runIds) {
    const run = await books.runs.read(runId);
    if (run?.endedAt === undefined) problems.push(`the books say that run ${runId} has not ended`);
  }
  return problems;
}

/** One write may have been under way; and what it opened too late, a run may close again. */
function lateWrites(writes: readonly SentWrite[]): readonly string[] {
  const done = writes.filter(({ late, status }) => late && status < 300);
  const opened = writes.some(({ method, path }) => method === 'POST' && path.endsWith('/pulls'));
  const takesBack = ({ method, path, body }: SentWrite) =>
    opened && method === 'PATCH' && path.includes('/pulls/') && JSON.parse(body).state === 'closed';
  return done.filter((write) => !takesBack(write)).map(({ method, path }) => `${method} ${shortName(path)}`);
}

function shortName(path: string): string {
  const named = decodeURIComponent(path).replace(/^\/repos\/[^/]+\/[^/]+\//, '');
  return named.replace(/\/(?:\d+|heads\/.*|agents\/.*)$/, '/*');
}
