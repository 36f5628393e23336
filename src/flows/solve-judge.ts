import type { SubmissionVerdict } from '../agent/tool.ts';
import { EntropyError } from '../domain/error.ts';
import type { HandOver } from '../domain/run-result.ts';
import { judgeReport } from './judge-report.ts';
import { type Judgement, judgeSubmission } from './judge-submission.ts';
import { judgeVerification } from './judge-verification.ts';
import type { Run } from './solve-request.ts';

/** Holds what is handed in against the truth, by its kind; what was found out on the way stays with the run. */
export async function judge(run: Run, handOver: HandOver, signal: AbortSignal): Promise<SubmissionVerdict> {
  const { verdict, evidence } = await judgement(run, handOver, signal);
  run.findings.evidence = evidence;
  return verdict;
}

async function judgement(run: Run, handOver: HandOver, signal: AbortSignal): Promise<Judgement> {
  const { request, meter, findings } = run;
  const { task, recorder, rooms, base } = request;
  const work = handOver.kind === 'change' ? 'change' : handOver.report.kind;
  // No tool of another kind is offered.
  if (work !== task.work) throw otherWork(work, task.work);
  const room = {
    sandbox: await request.sandbox,
    workspace: await request.workspace,
    ...(rooms === undefined ? {} : { rooms }),
  };
  const judging = { task, testsBefore: findings.testsBefore, ...room, recorder, meter };
  if (handOver.kind === 'change') {
    const { submission } = handOver;
    return judgeSubmission({ ...judging, submission }, findings.evidence, signal);
  }
  const { report } = handOver;
  if (report.kind === 'verification') return judgeVerification({ ...judging, report, base }, findings.evidence, signal);
  return judgeReport({ task, change: findings.change, report }, findings.evidence);
}

function otherWork(work: string, asked: string): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `a ${work} was handed in where a ${asked} was asked for`,
    fix: 'report this with the trajectory of the run',
  });
}
