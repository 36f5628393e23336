import { type Caller, mayTouchKey, type RunnerCaller } from '../../domain/access/caller.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import type { WorkflowRun } from '../../domain/dispatch/pick-up.ts';
import { matchesWhole } from '../../domain/path-rules.ts';
import { mintRunToken as mint } from '../../flows/mint-run-token.ts';
import { pickUpRun as pickUp } from '../../flows/pick-up-run.ts';
import { mintRunToken, pickUpRun } from '../../wire/endpoints/dispatch.ts';
import type { AppParts, DispatchParts } from '../app-options.ts';
import { forbidden, type ProblemDetails } from '../problems.ts';
import { answer, missing, type Route, refusal, route, touchesNothing } from '../route.ts';

type Problem = { readonly kind: 'problem'; readonly problem: ProblemDetails };
type Runner =
  | {
      readonly kind: 'runner';
      readonly by: WorkflowRun;
      readonly run: RunRecord | undefined;
      readonly dispatch: DispatchParts;
    }
  | Problem;

/**
 * What a dispatched workflow run asks for. Who it is (repository, workflow run, attempt, workflow file) is GitHub's word in
 * its token, never its own.
 */
export function dispatchRoutes({ coordination, dispatch, clock, newId, log }: AppParts): readonly Route[] {
  const { tasks, runs, claims } = coordination;

  const runnerOf = async (caller: Caller, id: string): Promise<Runner> => {
    if (dispatch === undefined) return notSetUp;
    if (caller.kind !== 'runner') return noRunner;
    const { workflows, serverUrl } = dispatch;
    const trusted = workflows.length === 0 || workflows.some((glob) => matchesWhole(glob, caller.workflowRef));
    if (!trusted) return untrusted(caller);
    const run = await runs.read(id);
    // A run of another repository is not there at all: ids are no secret.
    const visible = run !== undefined && mayTouchKey(caller, run.task) ? run : undefined;
    return { kind: 'runner', by: workflowRunOf(caller, serverUrl), run: visible, dispatch };
  };

  return [
    route(pickUpRun, touchesNothing, async ({ params, caller, signal }) => {
      const runner = await runnerOf(caller, params.id);
      if (runner.kind === 'problem') return runner;
      const { run, by, dispatch: parts } = runner;
      if (run === undefined) return missing;
      const picked = await pickUp({ tasks, runs, clock, objects: parts.objects }, { run, by }, signal);
      if (picked.kind === 'picked-up') return answer({ run: picked.run, task: picked.task, sha256: picked.sha256 });
      const { why } = picked;
      if (why === 'missing') return missing;
      if (why === 'stale' || why === 'no-task') return refusal({ kind: why } as const);
      return refusal({ kind: why, run: picked.run } as const);
    }),
    route(mintRunToken, touchesNothing, async ({ params, body: { purpose }, caller, signal }) => {
      const runner = await runnerOf(caller, params.id);
      if (runner.kind === 'problem') return runner;
      const { run, by, dispatch: parts } = runner;
      if (parts.app === undefined) return notSetUp;
      if (run === undefined) return missing;
      const request = { run, by, purpose };
      const minted = await mint({ claims, objects: parts.objects, app: parts.app, newId }, request, signal);
      if (minted.kind === 'refused') return refusal({ kind: minted.why } as const);
      const { token, expiresAt, author, repository, permissions } = minted;
      log({ event: 'token', run: run.id, repository, purpose, workflowRun: by.id, attempt: by.attempt, expiresAt });
      return answer({ token, expiresAt, author, repository, permissions });
    }),
  ];
}

function workflowRunOf(
  { workflowRunId, workflowRunAttempt, repository }: RunnerCaller,
  serverUrl: string,
): WorkflowRun {
  const url = `${serverUrl}/${repository}/actions/runs/${workflowRunId}`;
  return { id: Number(workflowRunId), attempt: workflowRunAttempt, url };
}

function untrusted({ workflowRef }: RunnerCaller): Problem {
  return {
    kind: 'problem',
    problem: forbidden(
      `the job stands in ${workflowRef}, which gets no tasks and no tokens here`,
      'call the shipped workflow agent-dispatched.yml, or let whoever runs the coordinator allow this one',
    ),
  };
}

const notSetUp: Problem = {
  kind: 'problem',
  problem: forbidden(
    'this coordinator starts no workflow runs, so there is nothing to pick up',
    'use the workflow agent-coordinated.yml with it, or deploy the stack: entropy-playground deploy',
  ),
};

const noRunner: Problem = {
  kind: 'problem',
  problem: forbidden('only a workflow run may ask this', 'leave it to the workflow that was dispatched'),
};
