import type { ClaimKey } from '../../domain/claim.ts';
import type { Reservation } from '../../domain/coordination/budget-record.ts';
import { lineOfOthers, othersText } from '../../domain/dispatch/line-of-others.ts';
import type { Admission, Gate, ReadyWork } from '../gate.ts';
import { othersFirst } from './others-first.ts';
import { inLineBefore, standInLine } from './stand-in-line.ts';

/**
 * Before the claim is asked for: who has to wait for other tasks, or stands behind others in the line of a budget, waits. Undefined:
 * it may try. Only where somebody keeps a line and wakes those in it.
 */
export async function waitFirst(
  gate: Gate,
  work: ReadyWork,
  asked: { readonly key: ClaimKey; readonly runId: string; readonly reserve: Reservation | undefined },
): Promise<Admission | undefined> {
  const { waiting } = gate;
  const { key, runId, reserve } = asked;
  if (waiting === undefined) return undefined;
  const others = await othersFirst(gate, work, key);
  if (others !== undefined) {
    const told = othersText(others, key, work.request.settings.triggerPhrase);
    const behind = others.kind === 'files' ? { behind: others.keys } : {};
    const line = lineOfOthers(others.kind, key);
    return standInLine(gate, waiting, { work, key, runId, line, limit: others.kind, ...behind, told });
  }
  const before = reserve && (await inLineBefore(gate, waiting, { work, key, reserve }));
  return before && standInLine(gate, waiting, { work, key, runId, ...before });
}
