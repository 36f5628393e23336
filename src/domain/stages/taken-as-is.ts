import { openDemands } from '../review/convergence.ts';
import type { TeamRecord } from './team-record.ts';

/** Whether nothing but a test is missing that speaks for the change: none may be able to, as with texts or a refactoring. */
export function lacksProof({ chosen, verdict, taken, headSha }: TeamRecord): boolean {
  return chosen.includes('test') && verdict !== 'confirmed' && (taken === undefined || taken.headSha !== headSha);
}

/** A person was asked for that very reason, and nothing else is open: sent on, the team takes the change as it is. */
export function asksToBeTaken(record: TeamRecord): boolean {
  const { state, stage, reasons, findings } = record;
  const asks = state.kind === 'waiting' && state.for === 'person' && stage === 'ready';
  return asks && lacksProof(record) && reasons.length === 0 && openDemands(findings).length === 0;
}

/** That person's word counts for what they looked at, and for no later change. */
export function takenBy(record: TeamRecord, by: string): TeamRecord {
  const { headSha } = record;
  return headSha === undefined ? record : { ...record, taken: { by, headSha } };
}
