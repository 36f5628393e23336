import { briefedFindings } from '../domain/reports/answer-problems.ts';
import type { FindingAnswer } from '../domain/reports/open-finding.ts';
import { findingOp } from '../domain/review/finding-marks.ts';
import { answerReply, answersToTell } from '../domain/review/round-replies.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';
import { findingsOf, readRounds } from './read-rounds.ts';
import { isSaid } from './settle-findings.ts';

/**
 * What the coder says about findings, under each of them, so that whoever reads the pull request sees why one is not followed
 * before any reviewer comes back. Only to findings that it was sent to answer; one that stands in a review's text has no
 * conversation, and its answer is known to the stages alone.
 */
export async function answerFindings(
  run: PublishRun,
  pull: PullRequestInfo,
  answers: readonly FindingAnswer[],
): Promise<void> {
  const { forge, task } = run;
  const asked = new Set(briefedFindings(task.brief).map(({ fingerprint }) => fingerprint));
  const wanted = answers.filter(({ fingerprint }) => asked.has(fingerprint));
  if (wanted.length === 0) return;
  const rounds = await readRounds(forge, pull.number);
  const own = { issue: pull.number, fence: task.lease.fence, run: task.runId };
  for (const { finding, answer } of answersToTell(findingsOf(rounds, pull.number), wanted)) {
    const { commentId, fingerprint, round } = finding;
    if (commentId === undefined) continue;
    const op = findingOp({ kind: 'answer', fingerprint, round, answer: answer.answer });
    if (isSaid(rounds, { commentId, op, run: task.runId })) continue;
    const options = { run: own, round, outgoing: { issue: pull.number }, headSha: pull.headSha };
    await mayWrite(run, 'answer');
    await forge.reviews.reply(pull.number, commentId, answerReply(answer, options));
  }
}
