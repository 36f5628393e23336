import type { Amounts } from '../../domain/coordination/amounts.ts';
import type { RunEnd } from '../../domain/coordination/task-after-run.ts';
import { outcomes } from '../../domain/outcome.ts';
import { parseUsd, parseWhole } from '../../domain/quantity.ts';
import { usage } from '../usage-error.ts';

export interface EndFlags {
  readonly outcome?: string;
  readonly reason?: string;
  readonly pullRequest?: string;
  readonly costUsd?: string;
  readonly tokens?: string;
}

/** What the options of `claims release` say. */
export interface ToldEnd {
  /** How the work ended; absent: it was not done. */
  readonly end?: Omit<RunEnd, 'spent'>;
  /** What it used, as far as somebody says so. */
  readonly told: Partial<Amounts>;
}

export function readEnd({ outcome, reason, pullRequest, costUsd, tokens }: EndFlags): ToldEnd {
  const known = outcomes.find((name) => name === outcome?.replaceAll('-', '_'));
  if (outcome !== undefined && known === undefined) {
    throw usage(`--outcome ${outcome} is no outcome`, `choose one of ${outcomes.join(', ')}`);
  }
  const pull = pullRequest === undefined ? undefined : parseWhole(pullRequest, 1);
  if (pullRequest !== undefined && pull === undefined) {
    throw usage(`--pull-request ${pullRequest} is not a number`, 'write 12');
  }
  const microUsd = costUsd === undefined ? undefined : parseUsd(costUsd);
  if (costUsd !== undefined && microUsd === undefined) {
    throw usage(`--cost-usd ${costUsd} is not an amount`, 'write it as 2 or 0.50');
  }
  const used = tokens === undefined ? undefined : parseWhole(tokens, 0);
  if (tokens !== undefined && used === undefined) throw usage(`--tokens ${tokens} is not a number`, 'write 120000');
  const told = { ...(microUsd !== undefined && { microUsd }), ...(used !== undefined && { tokens: used }) };
  if (known === undefined) {
    if (pull !== undefined) throw usage('--pull-request tells how the work ended', 'add --outcome succeeded');
    return { told };
  }
  const why = reason ?? known.replace('_', ' ');
  return { end: { outcome: known, reason: why, ...(pull !== undefined && { pullRequest: pull }) }, told };
}
