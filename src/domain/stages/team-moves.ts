import type { BriefReason } from '../brief.ts';
import { counted } from '../counted.ts';
import { handOffTo } from './hand-off.ts';
import { type Stage, stageCommands } from './stage.ts';
import { stageTable } from './stage-table.ts';
import type { TeamMoment } from './team-event.ts';
import {
  maxHistory,
  type StageEnd,
  type TeamEnding,
  type TeamRecord,
  type TeamState,
  type TeamWait,
} from './team-record.ts';

/** Stages that a run does. */
export type WorkedStage = keyof typeof stageCommands;

/** The stage's run is asked for. A new stage begins with no failed try. */
export function enter(record: TeamRecord, stage: WorkedStage, moment: TeamMoment): TeamRecord {
  const isPull = stageTable[stage].subject === 'pull-request';
  const subject = isPull ? (record.pullRequest ?? record.issue) : record.issue;
  const asked = { askedAt: moment.now, asks: 1, handOff: handOffTo(stage, record.history) };
  const step = { id: moment.stepId, command: stageCommands[stage], subject, ...asked };
  return { ...record, stage, tries: stage === record.stage ? record.tries : 0, state: { kind: 'pending', step } };
}

/** The first thing that is left to do about the change as it is now, or the end of it all. */
export function examine(record: TeamRecord, moment: TeamMoment, from: 'change' | 'test' | 'review'): TeamRecord {
  const { chosen, verdict } = record;
  const wantsTest = from === 'change' && chosen.includes('test');
  if (wantsTest && verdict === undefined) return enter(record, 'test', moment);
  // The coder changed nothing about what a test had shown.
  if (wantsTest && (verdict === 'not-fixed' || verdict === 'regressed')) {
    return askPerson(record, { what: 'the coder left a failing test as it is', moment });
  }
  if (from !== 'review' && chosen.includes('review')) return enter(record, 'review', moment);
  return wait({ ...fresh(record), stage: 'ready', tries: 0 }, waitForChecks);
}

export const waitForChecks = { for: 'checks', what: 'the checks of the pull request' } as const;

/** What was said about checks that did not end belongs to that one wait. */
function fresh({ unended: _, ...record }: TeamRecord): TeamRecord {
  return record;
}

/** The coder is wanted again; after the last round a person is, who is told what is open. */
export function sendBack(record: TeamRecord, reasons: readonly BriefReason[], moment: TeamMoment): TeamRecord {
  const { round, maxRounds } = record;
  if (round >= maxRounds) {
    const what = `after ${counted(round, 'round')} it is not done`;
    return askPerson({ ...record, reasons }, { what, moment });
  }
  return enter({ ...fresh(record), reasons, round: round + 1 }, 'address', moment);
}

export interface Asking {
  /** A part of a sentence, such as "the coder failed twice: …"; may quote untrusted text. */
  readonly what: string;
  readonly moment: TeamMoment;
}

export function askPerson(record: TeamRecord, { what, moment }: Asking): TeamRecord {
  return remember(wait(fresh(record), { for: 'person', what }), { what: `a person is asked: ${what}`, moment });
}

export function wait(
  record: TeamRecord,
  state: { readonly for: TeamWait; readonly what: string; readonly on?: readonly number[] },
): TeamRecord {
  return { ...record, state: { kind: 'waiting', ...state } };
}

export function close(record: TeamRecord, how: TeamEnding, { what, moment }: Asking): TeamRecord {
  const state: TeamState = { kind: 'closing', how, what };
  return remember({ ...record, state }, { what, moment });
}

/** One line more of history, of the stage and round that the record was in. */
export function remember(
  record: TeamRecord,
  { what, moment, runId, stage = record.stage }: Asking & { readonly runId?: string; readonly stage?: Stage },
): TeamRecord {
  const end: StageEnd = { stage, round: record.round, ...(runId !== undefined && { runId }), what, at: moment.now };
  return { ...record, history: [...record.history, end].slice(-maxHistory) };
}
