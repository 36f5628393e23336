import { existsSync } from 'node:fs';
import { clockSkewMs } from '../../../src/domain/claim.ts';
import { checkClaimHistory } from '../linearizability/check-claim-history.ts';
import type { ClaimOperation } from '../linearizability/claim-operation.ts';
import { addEvidence, type ClaimEvidence, evidenceOf } from './claim-evidence.ts';
import { claimKeyOf } from './load-plan.ts';
import { readOperationLog } from './operation-log.ts';
import type { LoadEnd } from './run-load.ts';

export interface JudgeOptions extends LoadEnd {
  /** What is asked of the store after everything was over, by key. */
  readonly last: ReadonlyMap<number, readonly ClaimOperation[]>;
  /** How far the clock that a grant is dated by may be off. */
  readonly clockErrorMs: number;
  /** Whether a call of a killed process may still have its effect later: it is under way to a server. */
  readonly lateEffects: boolean;
  /** A client that waited for longer may have asked again, so that its call had its effect twice. */
  readonly resentAfterMs: number;
  readonly shares: number;
  readonly progress: (line: string) => void;
}

export interface Judgement {
  readonly evidence: ClaimEvidence;
  readonly histories: number;
  readonly linearizable: number;
  readonly mostConfigurations: number;
  readonly faults: Readonly<Record<string, number>>;
  /** The first history that no order explains, as far as it shows why. */
  readonly counterexample?: unknown;
}

/** Reads what all processes put on record, a share of the keys at a time, and judges each key's history. */
export function judgeLoad(options: JudgeOptions): Judgement {
  const { ends, last, clockErrorMs, lateEffects, shares, progress } = options;
  const endOfProcess = new Map(
    ends.map(({ plan, how, endedAt }) => [plan.name, how === 'killed' ? endedAt : undefined]),
  );
  const endOf = (process: string) => endOfProcess.get(process.slice(0, process.indexOf('/')));
  const faults: Record<string, number> = {};
  let evidence: ClaimEvidence | undefined;
  let [histories, linearizable, mostConfigurations] = [0, 0, 1];
  let counterexample: unknown;

  for (let share = 0; share < shares; share += 1) {
    progress(`judging share ${share + 1} of ${shares}`);
    const byKey = new Map<number, ClaimOperation[]>();
    for (const { plan, endedAt } of ends) {
      const file = plan.logs[share];
      if (file === undefined || !existsSync(file)) continue;
      const effectsUntil = lateEffects ? Number.POSITIVE_INFINITY : endedAt;
      for (const { key, operation, failed } of readOperationLog(file, { name: plan.name, effectsUntil })) {
        if (failed !== undefined) faults[failed] = (faults[failed] ?? 0) + 1;
        const told = resent(operation, { ...options, endedAt });
        const history = byKey.get(key);
        if (history === undefined) byKey.set(key, told);
        else history.push(...told);
      }
    }
    for (const [key, operations] of byKey) {
      const history = [...operations, ...(last.get(key) ?? [])];
      const found = evidenceOf(history, { stopEarlyMs: clockSkewMs, endOf });
      evidence = evidence === undefined ? found : addEvidence(evidence, found);
      const verdict = checkClaimHistory(history, { waitMs: clockSkewMs, clockErrorMs });
      histories += 1;
      if (verdict.kind === 'linearizable') {
        linearizable += 1;
        mostConfigurations = Math.max(mostConfigurations, verdict.mostConfigurations);
      } else counterexample ??= { key: claimKeyOf(key), ...verdict };
    }
  }
  if (evidence === undefined) throw new Error('no process put anything on record');
  return {
    evidence,
    histories,
    linearizable,
    mostConfigurations,
    faults,
    ...(counterexample !== undefined && { counterexample }),
  };
}

/**
 * A client that hears nothing for long asks again, and one whose server was killed does too. The first request may have been
 * done, and its answer lost; or it is done later than anybody thinks. Whichever the caller heard of, the other one is a call
 * of its own without an answer.
 */
function resent(
  operation: ClaimOperation,
  { endedAt, resentAfterMs, crashes }: Pick<JudgeOptions, 'resentAfterMs' | 'crashes'> & { readonly endedAt: number },
): ClaimOperation[] {
  const { process, call, start } = operation;
  const until = Math.min(operation.end, endedAt);
  const asksAgain = until - start >= resentAfterMs || crashes.some((at) => at >= start && at <= until);
  if (call.kind === 'read' || !asksAgain) return [operation];
  return [operation, { process, call, start, end: Number.POSITIVE_INFINITY }];
}
