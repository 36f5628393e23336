/** How a run ends. `succeeded` is only ever said after the delivered pull request was read back from the forge. */
export const outcomes = [
  'succeeded',
  'no_change',
  'needs_info',
  'blocked',
  'refused',
  'over_budget',
  'cancelled',
  'failed',
] as const;

export type Outcome = (typeof outcomes)[number];

/** Outcomes after which the job is green: the run did what it set out to do, or honestly had nothing to do. */
export function isGreen(outcome: Outcome): boolean {
  return outcome === 'succeeded' || outcome === 'no_change' || outcome === 'needs_info' || outcome === 'refused';
}

/** Process exit codes of the command line (docs: "Exit codes"). */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  cancelled: 3,
  auth: 4,
  runFailed: 5,
  overBudget: 6,
  auditInvalid: 7,
  pending: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'succeeded':
    case 'no_change':
      return exitCodes.ok;
    case 'needs_info':
    case 'blocked':
      return exitCodes.pending;
    case 'over_budget':
      return exitCodes.overBudget;
    case 'cancelled':
      return exitCodes.cancelled;
    case 'refused':
    case 'failed':
      return exitCodes.runFailed;
    default:
      return outcome satisfies never;
  }
}
