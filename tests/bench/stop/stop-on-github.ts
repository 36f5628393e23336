import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowForm } from '../../../src/domain/workflow-text.ts';
import { processesAround } from '../../e2e/process-tree.ts';
import { openStage, type Stage } from '../../e2e/stage.ts';
import { isAtCommand } from './at-command.ts';
import { unfinishedFile, unfinishedLine, writeLongScript, writeRestScript } from './long-script.ts';

/** Milliseconds from the moment in which the comment `/agent stop` stands on the issue. */
export interface StoppedRun {
  /** No process of the agent's is left, the command that it was at neither. */
  readonly goneMs: number;
  /** The stop is answered, and its claim is free. */
  readonly answeredMs: number;
  /** The run's comment says where the work is. */
  readonly savedMs: number;
  readonly problems: readonly string[];
}

const patienceMs = 60_000;
const lookMs = 50;

/** A run on the embedded GitHub that somebody stops in the middle of a command; then `/agent retry` ends what it began. */
export async function stopOnGitHub(form: WorkflowForm, goesOn: boolean): Promise<StoppedRun> {
  await using stage = await openStage();
  const issue = await stage.openIssue();
  const cancel = new AbortController();
  const stopCancels = stage.github.runs.onCancel(() => cancel.abort(new Error('cancelled on GitHub')));
  const inputs = { model: `scripted:${writeLongScript(stage.root)}` };
  const payload = await stage.comment(issue, '/agent fix');
  const running = stage.run({ payload, issue, form, inputs, signal: cancel.signal });
  await until('the agent is at its long command', async () => isAtCommand());

  const started = performance.now();
  const since = (): number => Math.round(performance.now() - started);
  const stopping = stage.run({ payload: await stage.comment(issue, '/agent stop'), issue, form, inputs });
  const [goneMs, answeredMs, savedMs] = await Promise.all([
    until('its processes are gone', async () => !isAtWork(stage)).then(since),
    until('the stop is answered', async () => hasAnswer(stage, issue)).then(since),
    until('the comment says where the work is', async () => / is saved as /.test(await stage.tracking(issue))).then(
      since,
    ),
  ]);
  await Promise.all([running, stopping]);
  stopCancels();
  const problems = [
    ...((await stage.claim(issue))?.state === 'free' ? [] : ['the claim is held']),
    ...(/was stopped by `@alice`/.test(await stage.tracking(issue)) ? [] : ['its comment does not say who stopped it']),
    ...((await stage.branches()).join() === 'main' ? [] : ['there is a branch']),
    ...(goesOn ? await retryProblems(stage, issue, form) : []),
  ];
  return { goneMs, answeredMs, savedMs, problems };
}

/** What `/agent retry` hands in holds what the stopped run had changed, which its own script never touches. */
async function retryProblems(stage: Stage, issue: number, form: WorkflowForm): Promise<readonly string[]> {
  const inputs = { model: `scripted:${writeRestScript(stage.root)}` };
  await stage.run({ payload: await stage.comment(issue, '/agent retry'), issue, form, inputs });
  const [pull] = await stage.pulls();
  if (pull === undefined) return [`the retry made no pull request: ${await stage.tracking(issue)}`];
  const { content } = await stage.send<{ content: string }>(
    'alice',
    'GET',
    `/contents/${unfinishedFile}?ref=${encodeURIComponent(pull.head.ref)}`,
  );
  const has = Buffer.from(content, 'base64').toString('utf8').includes(unfinishedLine);
  const left = await stage.send<readonly unknown[]>('alice', 'GET', '/git/matching-refs/agents/wip/');
  return [
    ...(has ? [] : ['the pull request of the retry lacks what the stopped run had done']),
    ...(left.length === 0 ? [] : ['what was taken up still lies there']),
  ];
}

/** The agent itself, which has neither key nor token, and what it has started; not the steps of its job that come after it. */
function isAtWork(stage: Stage): boolean {
  return isAtCommand() || processesAround(stage.root).some(({ command }) => command.includes('worker'));
}

async function hasAnswer(stage: Stage, issue: number): Promise<boolean> {
  const free = (await stage.claim(issue))?.state === 'free';
  return free && (await stage.comments(issue)).some(({ body }) => /\nStopped run /.test(body));
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${patienceMs / 1_000} s`);
    await sleep(lookMs);
  }
}
