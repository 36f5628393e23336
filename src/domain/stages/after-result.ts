import { counted } from '../counted.ts';
import type { FindingAnswer, KnownFinding } from '../reports/open-finding.ts';
import { openDemands } from '../review/convergence.ts';
import type { StageResult } from './stage-result.ts';
import { signalOf, stageTable } from './stage-table.ts';
import type { TeamMoment } from './team-event.ts';
import { addToMemory } from './team-memory.ts';
import { askPerson, enter, examine, remember, sendBack, type WorkedStage, wait } from './team-moves.ts';
import { maxStageTries, type TeamRecord } from './team-record.ts';
import { withTold } from './told-remarks.ts';

export interface StageEnded {
  readonly runId: string;
  readonly result: StageResult;
  readonly memory?: string;
  readonly told?: readonly number[];
}

/** The record after the run that it had at work ended so. */
export function afterResult(record: TeamRecord, ended: StageEnded, moment: TeamMoment): TeamRecord {
  const stage = record.stage;
  const learned = learn(record, ended);
  const { result, runId } = ended;
  const signal = signalOf(result, openDemands(learned.findings).length > 0);
  const move = stageTable[stage].follows[signal];
  const what = move === undefined ? `ended as no ${stage} can end` : sentenceOf(result);
  const told = remember(learned, { what, moment, runId });
  switch (move) {
    case 'onwards':
      return onwards({ ...told, tries: 0 }, moment);
    case 'send-back':
      return sendBack({ ...told, tries: 0 }, reasonsOf(told, result), moment);
    case 'wait-answer':
      return wait({ ...told, tries: 0 }, { for: 'answer', what: sentenceOf(result) });
    case 'wait-approval':
      return wait({ ...told, stage: 'approve', tries: 0 }, { for: 'approval', what: 'the plan' });
    case 'wait-blockers': {
      const on = result.kind === 'read' ? result.blockedBy : [];
      return wait({ ...told, tries: 0 }, { for: 'blockers', what: sentenceOf(result), on });
    }
    case 'wait-person':
      return askPerson(told, { what: sentenceOf(result), moment });
    case 'retry':
    case undefined:
      return tryAgain(told, what, moment);
    default:
      return move satisfies never;
  }
}

/** A failed try of a stage: once more, or a person. */
export function tryAgain(record: TeamRecord, why: string, moment: TeamMoment): TeamRecord {
  const tries = record.tries + 1;
  const failed = { ...record, tries };
  if (tries < maxStageTries) return enter(failed, record.stage as WorkedStage, moment);
  return askPerson(failed, { what: `${counted(tries, 'try', 'tries')} failed: ${why}`, moment });
}

/** What follows a stage that is done. */
export function onwards(record: TeamRecord, moment: TeamMoment): TeamRecord {
  switch (record.stage) {
    case 'read':
      return enter(record, record.chosen.includes('plan') ? 'plan' : 'code', moment);
    case 'plan':
    case 'approve':
      return enter(record, 'code', moment);
    case 'code':
    case 'address':
      return examine(record, moment, 'change');
    case 'test':
      return examine(record, moment, 'test');
    case 'review':
    case 'ready':
      return examine(record, moment, 'review');
    default:
      return record.stage satisfies never;
  }
}

/** Everything that a result tells, whatever follows from it. Only what fits the stage is believed. */
function learn(record: TeamRecord, { result, memory, told = [] }: StageEnded): TeamRecord {
  const remembering = { ...record, memory: addToMemory(record.memory, memory) };
  const { stage } = record;
  switch (result.kind) {
    case 'planned':
      return stage === 'plan'
        ? { ...remembering, plan: { hash: result.hash, paths: result.paths ?? [] } }
        : remembering;
    case 'changed':
      return stage === 'code' || stage === 'address' ? withChange(withTold(remembering, told), result) : remembering;
    case 'verified':
      return stage === 'test' ? { ...remembering, headSha: result.headSha, verdict: result.verdict } : remembering;
    case 'reviewed':
      return stage === 'review' ? { ...remembering, findings: result.findings } : remembering;
    case 'read':
    case 'ended':
      return remembering;
    default:
      return result satisfies never;
  }
}

/** What was said about another head says nothing about this one. */
export function withChange(
  record: TeamRecord,
  changed: { readonly pullRequest: number; readonly headSha: string; readonly answers?: readonly FindingAnswer[] },
): TeamRecord {
  const { pullRequest, headSha, answers = [] } = changed;
  const { verdict, unended: _, ...rest } = record;
  const same = record.headSha === headSha;
  const findings = record.findings.map((finding) => withAnswer(finding, answers));
  return { ...rest, ...(same && verdict && { verdict }), pullRequest, headSha, findings, reasons: [] };
}

function withAnswer(finding: KnownFinding, answers: readonly FindingAnswer[]): KnownFinding {
  const said = answers.find(({ fingerprint }) => fingerprint === finding.fingerprint);
  return said === undefined ? finding : { ...finding, answer: { answer: said.answer, why: said.why } };
}

function reasonsOf(record: TeamRecord, result: StageResult): TeamRecord['reasons'] {
  if (result.kind === 'verified') {
    return result.failing === undefined ? [] : [{ kind: 'failing-test', ...result.failing }];
  }
  return [{ kind: 'findings', findings: openDemands(record.findings), round: record.round }];
}

const verdictText = {
  confirmed: 'the test fails without the change and passes with it',
  'not-fixed': 'a test still fails with the change',
  'not-reproduced': 'the test passes without the change too',
  regressed: 'tests of the repository fail since the change',
  unproven: 'nothing could be measured',
} as const;

/** What a result says, for people. May quote untrusted text. */
export function sentenceOf(result: StageResult): string {
  switch (result.kind) {
    case 'read':
      if (result.duplicateOf !== undefined) return `it looks like a duplicate of #${result.duplicateOf}`;
      if (result.questions > 0) return counted(result.questions, 'question');
      if (result.blockedBy.length > 0) return `blocked by ${result.blockedBy.map((issue) => `#${issue}`).join(', ')}`;
      return 'nothing is missing';
    case 'planned':
      return 'a plan';
    case 'changed':
      return `pull request #${result.pullRequest} at ${result.headSha.slice(0, 10)}${answersText(result.answers)}`;
    case 'verified':
      return verdictText[result.verdict];
    case 'reviewed': {
      const open = openDemands(result.findings).length;
      if (open > 0) return `${counted(open, 'finding')} to answer`;
      return result.findings.length === 0 ? 'no findings' : 'nothing left to answer';
    }
    case 'ended':
      return `${result.outcome.replaceAll('_', ' ')}: ${result.reason}`;
    default:
      return result satisfies never;
  }
}

function answersText(answers: readonly FindingAnswer[]): string {
  if (answers.length === 0) return '';
  const kinds = ['fixed', 'refuted', 'left-open'] as const;
  const counts = kinds.map((kind) => [kind, answers.filter(({ answer }) => answer === kind).length] as const);
  return `: ${counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind.replace('-', ' ')}`)
    .join(', ')}`;
}
