import type { Stage } from './stage.ts';
import type { StageResult } from './stage-result.ts';

/** A stage's result, as far as it decides what follows. */
export type StageSignal =
  | 'clear'
  | 'duplicate'
  | 'questions'
  | 'blocked-by'
  | 'planned'
  | 'changed'
  | 'confirmed'
  | 'unshown'
  | 'broken'
  | 'converged'
  | 'findings'
  | 'no-change'
  | 'needs-info'
  | 'halted'
  | 'failed';

/** What follows. `send-back`: the coder again, while there are rounds left. `retry`: the same stage, while there are tries left. */
export type StageMove =
  | 'onwards'
  | 'send-back'
  | 'retry'
  | 'wait-answer'
  | 'wait-approval'
  | 'wait-blockers'
  | 'wait-person';

export interface StageRow {
  /** For people, in the list of boxes. */
  readonly title: string;
  /** The role that does it; a person or nobody when absent. */
  readonly role?: 'issue-reader' | 'coder' | 'tester' | 'reviewer';
  readonly subject: 'issue' | 'pull-request';
  /** By what a run of it ends with. What is not here is no end of this stage: it counts as a failed try. */
  readonly follows: Partial<Readonly<Record<StageSignal, StageMove>>>;
}

/** Ends that any run may have. */
const anyEnd = {
  'no-change': 'wait-person',
  'needs-info': 'wait-answer',
  halted: 'wait-person',
  failed: 'retry',
} as const satisfies StageRow['follows'];

/** The way from an issue to a pull request that a person may merge. */
export const stageTable: Readonly<Record<Stage, StageRow>> = {
  read: {
    title: 'read the issue',
    role: 'issue-reader',
    subject: 'issue',
    follows: {
      ...anyEnd,
      clear: 'onwards',
      duplicate: 'wait-person',
      questions: 'wait-answer',
      'blocked-by': 'wait-blockers',
    },
  },
  plan: { title: 'plan', role: 'coder', subject: 'issue', follows: { ...anyEnd, planned: 'wait-approval' } },
  approve: { title: 'approval by a person', subject: 'issue', follows: {} },
  code: { title: 'change the code', role: 'coder', subject: 'issue', follows: { ...anyEnd, changed: 'onwards' } },
  test: {
    title: 'verify it with a test',
    role: 'tester',
    subject: 'pull-request',
    follows: { ...anyEnd, confirmed: 'onwards', unshown: 'onwards', broken: 'send-back' },
  },
  review: {
    title: 'review it',
    role: 'reviewer',
    subject: 'pull-request',
    follows: { ...anyEnd, converged: 'onwards', findings: 'send-back' },
  },
  address: {
    title: 'answer test and review',
    role: 'coder',
    subject: 'issue',

    follows: { ...anyEnd, changed: 'onwards' },
  },
  ready: { title: 'ready for a person', subject: 'pull-request', follows: {} },
};

const endSignals: Readonly<Record<Extract<StageResult, { kind: 'ended' }>['outcome'], StageSignal>> = {
  no_change: 'no-change',
  needs_info: 'needs-info',
  blocked: 'halted',
  refused: 'halted',
  over_budget: 'halted',
  cancelled: 'halted',
  failed: 'failed',
};

/** `open`: whether findings are left that ask for changes. */
export function signalOf(result: StageResult, open: boolean): StageSignal {
  switch (result.kind) {
    case 'read':
      if (result.duplicateOf !== undefined) return 'duplicate';
      if (result.questions > 0) return 'questions';
      return result.blockedBy.length > 0 ? 'blocked-by' : 'clear';
    case 'planned':
      return 'planned';
    case 'changed':
      return 'changed';
    case 'verified':
      if (result.verdict === 'confirmed') return 'confirmed';
      return result.verdict === 'not-fixed' || result.verdict === 'regressed' ? 'broken' : 'unshown';
    case 'reviewed':
      return open ? 'findings' : 'converged';
    case 'ended':
      return endSignals[result.outcome];
    default:
      return result satisfies never;
  }
}
