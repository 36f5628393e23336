import type { ClaimRecord } from '../../domain/claim.ts';
import { type Amounts, nothing } from '../../domain/coordination/amounts.ts';
import type { RunEnd } from '../../domain/coordination/task-after-run.ts';
import { EntropyError } from '../../domain/error.ts';
import { type Outcome, outcomes } from '../../domain/outcome.ts';
import { parseUsd, parseWhole } from '../../domain/quantity.ts';

export interface EndFlags {
  readonly outcome?: string;
  readonly reason?: string;
  readonly pullRequest?: string;
  readonly costUsd?: string;
  readonly tokens?: string;
}

/** What the options of `claims release` say about the end of the work. */
export interface ToldEnd {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly pullRequest?: number;
  readonly told: Partial<Amounts>;
}

/** How the work ended, when `--outcome` says so. */
export function readEnd({ outcome, reason, pullRequest, costUsd, tokens }: EndFlags): ToldEnd | undefined {
  const known = outcomes.find((name) => name === outcome?.replaceAll('-', '_'));
  if (outcome !== undefined && known === undefined) {
    throw usage(`--outcome ${outcome} is none`, `choose one of ${outcomes.join(', ')}`);
  }
  const rest = pullRequest ?? costUsd ?? tokens;
  if (known === undefined && rest !== undefined) {
    throw usage('--pull-request, --cost-usd and --tokens tell how the work ended', 'add --outcome succeeded');
  }
  if (known === undefined) return undefined;
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
  return {
    outcome: known,
    reason: reason ?? known.replace('_', ' '),
    ...(pull !== undefined && { pullRequest: pull }),
    told: { ...(microUsd !== undefined && { microUsd }), ...(used !== undefined && { tokens: used }) },
  };
}

/**
 * The end of the run that holds this claim. What an agent does not tell counts as reserved: a budget that forgot what
 * nobody mentioned would never run out. People use none of it.
 */
export function endOfClaim({ holder, reservation }: ClaimRecord, { told, ...end }: ToldEnd): RunEnd {
  const untold = holder.kind === 'human' ? nothing : (reservation?.amounts ?? nothing);
  return { ...end, spent: { ...untold, ...told } };
}

function usage(message: string, fix: string): EntropyError {
  return new EntropyError({ code: 'E100', message, fix });
}
