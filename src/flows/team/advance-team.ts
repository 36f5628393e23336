import type { StageResult } from '../../domain/stages/stage-result.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { remarkIds } from '../../domain/stages/told-remarks.ts';
import type { Task } from '../../domain/task.ts';
import type { SecretScanner } from '../../ports/secret-scanner.ts';
import type { PublishReport } from '../publish-run.ts';
import { changeTeam, type TeamChange } from './change-team.ts';
import type { TeamRoom } from './team-room.ts';

/**
 * Tells the team how a run ended, once all of it was published and read back. To be called before the run's claim is free: until
 * then nobody else begins. What follows is done by `performTeam` with the record that this gives, after the claim is free, for
 * the next run needs it. Undefined: no team has to do with this run.
 */
export async function advanceTeam(room: TeamRoom, task: Task, report: PublishReport): Promise<TeamRecord | undefined> {
  const event = await eventOf(room, task, report);
  if (event === undefined) return undefined;
  const change: TeamChange = await changeTeam(room, task.issue.number, event);
  if (change.kind === 'none') return undefined;
  const { stage, state } = change.record;
  room.log(`team on #${task.issue.number}: ${change.kind === 'changed' ? 'now' : 'still'} ${stage}, ${state.kind}`);
  // Told twice: whoever was killed between storing and doing comes here again, and does it.
  return change.record;
}

async function eventOf(room: TeamRoom, task: Task, report: PublishReport): Promise<TeamEvent | undefined> {
  const { runId, step } = task;
  if (step === undefined) {
    const { stage } = report;
    return stage?.kind === 'changed' ? { ...stage, kind: 'delivered' } : undefined;
  }
  const { result: found, memory } = await withoutSecrets(room.scanner, {
    result: resultOf(report),
    memory: report.result?.memory,
  });
  const told = remarkIds(task.brief?.reasons ?? []);
  return {
    kind: 'ended',
    runId,
    result: found,
    ...(memory !== undefined && { memory }),
    ...(told.length > 0 && { told }),
  };
}

function resultOf({ stage, outcome, reason }: PublishReport): StageResult {
  if (stage !== undefined) return stage;
  if (outcome !== 'succeeded') return { kind: 'ended', outcome, reason };
  return { kind: 'ended', outcome: 'failed', reason: 'it published nothing that a team can go on with' };
}

interface Learned {
  readonly result: StageResult;
  readonly memory: string | undefined;
}

/** The record lies in the repository for all who may read it: what seems to hold a secret does not get there. */
async function withoutSecrets(scanner: SecretScanner | undefined, { result, memory }: Learned): Promise<Learned> {
  if (scanner === undefined) return { result, memory };
  const clean = async (name: string, value: unknown): Promise<boolean> => {
    if (value === undefined) return true;
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
    return (await scanner.scan(name, text)).length === 0;
  };
  const remembered = (await clean("the run's memory", memory)) ? memory : undefined;
  if (await clean("the stage's result", result)) return { result, memory: remembered };
  return { result: withheld(result), memory: remembered };
}

const leftOut = '(left out: it seems to hold a secret)';

function withheld(result: StageResult): StageResult {
  switch (result.kind) {
    case 'ended':
      return { ...result, reason: leftOut };
    case 'verified': {
      const { failing: _, ...rest } = result;
      return rest;
    }
    case 'reviewed': {
      const findings = result.findings.map((finding) => ({ ...finding, title: leftOut, body: leftOut }));
      return { ...result, findings };
    }
    case 'changed':
      return { ...result, answers: result.answers.map((answer) => ({ ...answer, why: leftOut })) };
    case 'planned': {
      const { paths: _, ...rest } = result;
      return rest;
    }
    case 'read':
      return result;
    default:
      return result satisfies never;
  }
}
