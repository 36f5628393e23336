import { counted } from '../counted.ts';
import { openDemands } from '../review/convergence.ts';
import { afterResult, onwards, tryAgain, withChange } from './after-result.ts';
import { looksAtChecks } from './looks-at-checks.ts';
import { namesText } from './names-text.ts';
import { asksToBeTaken, lacksProof, takenBy } from './taken-as-is.ts';
import { type TeamEffect, teamEffects } from './team-effects.ts';
import type { TeamEvent, TeamMoment } from './team-event.ts';
import {
  askPerson,
  close,
  enter,
  examine,
  remember,
  sendBack,
  type WorkedStage,
  wait,
  waitForChecks,
} from './team-moves.ts';
import { defaultRounds, maxAsks, type TeamRecord, type TeamState } from './team-record.ts';
import { withRemarks, withTold } from './told-remarks.ts';

export interface Advanced {
  readonly record: TeamRecord;
  /** What is to be done once the record is stored; none when nothing changed. */
  readonly effects: readonly TeamEffect[];
  readonly changed: boolean;
}

/**
 * The one decision of the team: what becomes of where it stands when it is told something. Pure, and safe to be asked twice: an
 * event that does not belong to the state as it is (late, repeated, of another run) changes nothing.
 */
export function advance(record: TeamRecord, event: TeamEvent, moment: TeamMoment): Advanced {
  const next = decide(record, event, moment);
  if (next === undefined) return { record, effects: [], changed: false };
  const approval = 'approval' in event ? event.approval : undefined;
  const bound = approval === undefined ? next : { ...next, approval };
  return { record: bound, effects: teamEffects(bound), changed: true };
}

type Waiting = Extract<TeamState, { readonly kind: 'waiting' }>['for'];

function decide(record: TeamRecord, event: TeamEvent, moment: TeamMoment): TeamRecord | undefined {
  const { state } = record;
  const waitsFor = (...whom: readonly Waiting[]): boolean => state.kind === 'waiting' && whom.includes(state.for);
  const ending = state.kind === 'closing' || state.kind === 'over';
  switch (event.kind) {
    case 'begun': {
      if (state.kind !== 'pending' || state.step.id !== event.step) return undefined;
      const { step, runId, fence } = event;
      return { ...record, state: { kind: 'running', runId, fence, step } };
    }
    case 'ended':
      if (state.kind !== 'running' || state.runId !== event.runId) return undefined;
      return afterResult(record, event, moment);
    case 'dead': {
      if (state.kind !== 'running' || state.runId !== event.runId) return undefined;
      const what = 'the run ended without a result';
      return tryAgain(remember(record, { what, moment, runId: event.runId }), what, moment);
    }
    case 'overdue':
      if (state.kind !== 'pending' || state.step.id !== event.step) return undefined;
      return askAgain(record, state, moment);
    case 'no-room': {
      if (state.kind !== 'pending' || state.step.id !== event.step) return undefined;
      const { now: at } = moment;
      const step = { ...state.step, askedAt: at, heldBack: { asks: state.step.asks, at, place: event.place } };
      return { ...record, state: { kind: 'pending', step } };
    }
    case 'start-refused': {
      if (state.kind !== 'pending' || state.step.id !== event.step) return undefined;
      return askPerson(record, { what: `the next run was not started: ${event.reason}`, moment });
    }
    case 'held-up': {
      const before = state.kind === 'pending' && state.step.id === event.step && record.stage === 'code';
      if (!before || event.on.length === 0) return undefined;
      const { on, what } = event;
      return remember(wait(record, { for: 'blockers', what, on }), { what: `waits: ${what}`, moment });
    }
    case 'delivered': {
      const mayCome =
        waitsFor('answer', 'approval', 'person') && (record.stage === 'code' || record.stage === 'address');
      if (!mayCome) return undefined;
      const what = `pull request #${event.pullRequest}, approved by a person`;
      return onwards(remember(withChange(withTold({ ...record, tries: 0 }, []), event), { what, moment }), moment);
    }
    case 'answered':
      if (!waitsFor('answer')) return undefined;
      return enter(remember(record, { what: 'the questions were answered', moment }), workedStage(record), moment);
    case 'plan-approved': {
      const { plan } = record;
      if (!waitsFor('approval') || plan === undefined || plan.hash !== event.hash) return undefined;
      const approved = { ...record, plan: { ...plan, approvedBy: event.by } };
      return onwards(remember(approved, { what: `approved by @${event.by}`, moment }), moment);
    }
    case 'plan-refused':
      if (!waitsFor('approval')) return undefined;
      return askPerson(record, { what: `@${event.by} does not want the plan`, moment });
    case 'blockers-closed':
      if (!waitsFor('blockers')) return undefined;
      return unblocked(record, event.gone ?? [], moment);
    case 'checks':
      if (!looksAtChecks(record) || record.headSha !== event.headSha) return undefined;
      return afterChecks(record, event, moment);
    case 'head-moved': {
      if (!looksAtChecks(record) || record.headSha === event.headSha || record.pullRequest === undefined)
        return undefined;
      const { headSha } = event;
      const what = `somebody pushed ${headSha.slice(0, 10)}`;
      return examine(
        remember(withChange(record, { pullRequest: record.pullRequest, headSha }), { what, moment }),
        moment,
        'change',
      );
    }
    case 'sent-back':
      return sentBack(record, event, moment);
    case 'resumed':
      return resumed(record, event.by, moment);
    case 'pull-closed': {
      if (ending || record.pullRequest !== event.pullRequest) return undefined;
      const what = `pull request #${event.pullRequest} was ${event.merged ? 'merged' : 'closed'}`;
      return close(record, 'closed', { what, moment });
    }
    case 'issue-closed':
      return ending ? undefined : close(record, 'closed', { what: 'the issue was closed', moment });
    case 'stop':
      return ending ? undefined : close(record, 'stopped', { what: `stopped by @${event.by}`, moment });
    case 'told':
      return state.kind === 'closing' ? { ...record, state: { ...state, kind: 'over' } } : undefined;
    default:
      return event satisfies never;
  }
}

/** What is gone cannot be waited for; that it was not closed is said. */
function unblocked(record: TeamRecord, gone: readonly number[], moment: TeamMoment): TeamRecord {
  const numbers = gone.map((number) => `#${number}`).join(', ');
  const what = `no longer there, which counts as closed: ${numbers}`;
  const told = gone.length === 0 ? record : remember(record, { what, moment });
  return told.stage === 'read' ? onwards(told, moment) : enter(told, workedStage(told), moment);
}

function askAgain(
  record: TeamRecord,
  { step }: Extract<TeamState, { readonly kind: 'pending' }>,
  moment: TeamMoment,
): TeamRecord {
  const lost = step.asks - (step.heldBack?.asks ?? 0);
  if (lost >= maxAsks) {
    const what = `the next run was asked for ${counted(lost, 'time')}, and nobody began it`;
    return askPerson(record, { what, moment });
  }
  return { ...record, state: { kind: 'pending', step: { ...step, asks: step.asks + 1, askedAt: moment.now } } };
}

/** Green checks are the end only of a change that a test speaks for, where tests are a stage. */
function afterChecks(
  record: TeamRecord,
  event: Extract<TeamEvent, { readonly kind: 'checks' }>,
  moment: TeamMoment,
): TeamRecord | undefined {
  if (event.told === 'failed') {
    const what = `${counted(event.failed.length, 'check')} failed`;
    return sendBack(remember(record, { what, moment }), [{ kind: 'failed-checks', checks: event.failed }], moment);
  }
  if (event.told === 'unended') return unendedChecks(record, event.names, moment);
  if (lacksProof(record)) {
    return askPerson(record, { what: 'all is done, and no test shows that it is fixed', moment });
  }
  const { told, besides = [] } = event;
  const passed = told === 'green' ? 'ready: the checks passed' : 'ready: there are no checks';
  const checked = besides.length === 0 ? passed : `ready: no check speaks against it; ${besides.join('; ')}`;
  const { taken, verdict, headSha } = record;
  const untested = taken !== undefined && taken.headSha === headSha && verdict !== 'confirmed';
  const what = untested ? `${checked}; no test shows that it is right, and @${taken.by} takes it as it is` : checked;
  return close(record, 'ready', { what, moment });
}

/** A person is asked once; who sends the team on goes past them. */
function unendedChecks(record: TeamRecord, names: readonly string[], moment: TeamMoment): TeamRecord | undefined {
  if (record.state.kind === 'waiting' && record.state.for === 'person') return undefined;
  const what = `${counted(names.length, 'check')} did not end for hours (${namesText(names)}); sent on, the team goes past`;
  return { ...askPerson(record, { what, moment }), unended: [...new Set([...(record.unended ?? []), ...names])] };
}

function sentBack(
  record: TeamRecord,
  { reasons, by }: Extract<TeamEvent, { readonly kind: 'sent-back' }>,
  moment: TeamMoment,
): TeamRecord | undefined {
  const { state, pullRequest } = record;
  const rests = state.kind === 'waiting' && state.for !== 'blockers' && state.for !== 'approval';
  const isDone = (state.kind === 'over' || state.kind === 'closing') && state.how === 'ready';
  if (pullRequest === undefined || reasons.length === 0) return undefined;
  if (state.kind === 'pending' && record.stage === 'address') return withRemarks(record, reasons);
  // Nobody has begun to look at what is to be changed.
  const looks = by === 'person' && state.kind === 'pending' && (record.stage === 'test' || record.stage === 'review');
  if (!(rests || isDone || looks)) return undefined;
  if (by === 'forge') {
    const conflicts = reasons.some(({ kind }) => kind === 'conflict');
    const what = conflicts ? 'it cannot be merged into its base any more' : 'checks failed';
    return sendBack(remember(record, { what, moment }), reasons, moment);
  }
  const what = 'a person asked for changes';
  const maxRounds = Math.max(record.maxRounds, record.round + 1);
  return sendBack(remember({ ...record, maxRounds }, { what, moment }), reasons, moment);
}

/** Rounds begin anew, for somebody has looked at what is open. */
function resumed(record: TeamRecord, by: string, moment: TeamMoment): TeamRecord | undefined {
  const { state, stage, reasons, findings } = record;
  if (state.kind !== 'waiting' || (state.for !== 'person' && state.for !== 'answer')) return undefined;
  const going = remember({ ...record, tries: 0 }, { what: `sent on by @${by}`, moment });
  if (looksAtChecks(record)) return wait(going, waitForChecks);
  if (asksToBeTaken(record)) return wait(takenBy(going, by), waitForChecks);
  const open = openDemands(findings);
  const asked = reasons.length > 0 ? reasons : [{ kind: 'findings', findings: open, round: record.round } as const];
  const wanted = reasons.length + open.length > 0 && record.pullRequest !== undefined;
  if (wanted && stage !== 'code') {
    return sendBack({ ...going, maxRounds: Math.max(record.maxRounds, record.round + defaultRounds) }, asked, moment);
  }
  if (stage === 'ready' || (stage === 'address' && !wanted)) {
    const { verdict: _, ...again } = going;
    return examine(again, moment, 'change');
  }
  return enter(going, workedStage(record), moment);
}

/** The stage whose run goes on: what a person did not approve is planned anew. */
function workedStage({ stage }: TeamRecord): WorkedStage {
  if (stage === 'approve') return 'plan';
  return stage === 'ready' ? 'address' : stage;
}
