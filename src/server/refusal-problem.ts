import type { ErrorCode } from '../domain/error-catalogue.ts';
import type { ProblemDetails } from './problems.ts';

/** What the ports refuse on purpose; each says its kind. */
export interface Refusal {
  readonly kind: string;
}

interface Words {
  readonly status?: 404 | 409;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly fix: string;
}

const words: Readonly<Record<string, Words>> = {
  missing: {
    status: 404,
    code: 'E726',
    detail: 'there is nothing of this name',
    fix: 'check the key or id; keys are lower case: github/<owner>/<repo>/issues/<number>',
  },
  refused: {
    code: 'E700',
    detail: 'the claim is held, or moved on since it was looked at; `refusal.record` says by whom, since when and why',
    fix: 'wait until it is released or its lease runs out, or take it over by a decision of a person',
  },
  'over-budget': {
    code: 'E730',
    detail: 'a budget does not cover what was asked for; `refusal.shortage` names the limit and the figures',
    fix: 'wait until other runs end, ask for less, or let an admin raise the limit (PUT /v1/budget-caps/{scope})',
  },
  contended: {
    code: 'E700',
    detail: 'others were faster for every task that was tried',
    fix: 'ask again in a moment',
  },
  stale: {
    code: 'E701',
    detail: 'the lease that was shown is no longer the current one of its claim',
    fix: 'stop writing; whoever holds the claim now goes on',
  },
  'not-mine': {
    code: 'E701',
    detail: 'the claim is not held by this lease',
    fix: 'nothing to do: it is free, or somebody else holds it',
  },
  illegal: {
    code: 'E731',
    detail: 'from where it stands this state cannot be reached; `refusal.allowed` lists those that can',
    fix: 'look where it stands now and choose among the allowed states',
  },
  cycle: {
    code: 'E732',
    detail: 'the edge would close a cycle; `refusal.path` is the way around it',
    fix: 'remove one edge of the path first',
  },
  over: {
    code: 'E731',
    detail: 'the run is over; `refusal.run` tells how it ended',
    fix: 'nothing to do: comment /agent retry for a new one',
  },
  taken: {
    code: 'E731',
    detail: 'another workflow run carries this run out',
    fix: 'nothing to do: the other one goes on with it',
  },
  'stop-requested': {
    code: 'E731',
    detail: 'somebody asked to stop the run before it began',
    fix: 'nothing to do: comment /agent fix for a new one',
  },
  occupied: {
    code: 'E733',
    detail: 'another file of the run has this name',
    fix: 'nothing to do: files of runs are put once and stay',
  },
  full: {
    code: 'E731',
    detail: 'the files that the run keeps or asked to put are as many as it may; `refusal.limit` names which limit',
    fix: 'leave out what nobody reads',
  },
  'no-task': {
    code: 'E731',
    detail: 'the run was not dispatched: there is no task.json of it',
    fix: 'let the coordinator start runs that are to be picked up: comment /agent fix',
  },
  'not-installed': {
    code: 'E731',
    detail: "the coordinator's GitHub App is not installed on the repository",
    fix: "install it on the repository: the App's page, Install App",
  },
  revoked: { code: 'E731', detail: 'the key is revoked', fix: 'make a new one: POST /v1/keys' },
  exists: { code: 'E733', detail: 'a live key has this name', fix: 'choose another name, or revoke that key first' },
};

/** An expected refusal as a problem, with the port's own words as `refusal`. */
export function refusalProblem(refusal: Refusal): ProblemDetails {
  const { status = 409, ...said } = words[refusal.kind] ?? {
    code: 'E731' as const,
    detail: `refused: ${refusal.kind}`,
    fix: 'the answer says why in `refusal`',
  };
  return { status, ...said, refusal };
}

export function refusalStatus(kind: string): 404 | 409 {
  return words[kind]?.status ?? 409;
}
