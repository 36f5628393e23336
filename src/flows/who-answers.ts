import { type TakenAnswer, type TeamApproval, withTakenAnswer } from '../domain/stages/team-approval.ts';
import type { TeamRecord } from '../domain/stages/team-record.ts';
import type { Hearing } from './hearing.ts';

/** A comment that may be the answer to a team's questions. */
export interface GivenAnswer extends TakenAnswer {
  readonly author: string;
}

export type Answering =
  /** Somebody who may start agents: what they saw is what counts from now on. */
  | { readonly kind: 'may-start' }
  /** The issue's author: the team goes on for whoever sent it, with what that person saw and this one comment. */
  | { readonly kind: 'author'; readonly approval: TeamApproval }
  /** `why` completes "@somebody …". */
  | { readonly kind: 'nobody'; readonly why: string };

/**
 * Who may answer. Whoever may start agents sends the team on with all that is there. The questions are for the issue's author as
 * well, who may be anybody: they add one comment to what was approved, before there is code and so often at most, and change
 * nothing of it.
 */
export async function whoAnswers(
  { record, issueAuthor }: { readonly record: TeamRecord; readonly issueAuthor: string },
  { author, ...answer }: GivenAnswer,
  mayBeHeard: Hearing,
): Promise<Answering> {
  if (await mayBeHeard(author)) return { kind: 'may-start' };
  if (author.toLowerCase() !== issueAuthor.toLowerCase()) {
    return { kind: 'nobody', why: 'is neither the author nor may start agents here' };
  }
  if (record.approval === undefined) return { kind: 'nobody', why: 'answers where nobody knows what was approved' };
  if (record.stage !== 'read' && record.stage !== 'plan') {
    return { kind: 'nobody', why: 'may not start agents here, and code is being written already' };
  }
  const approval = withTakenAnswer(record.approval, answer);
  if (approval === undefined)
    return { kind: 'nobody', why: 'may not start agents here, and has answered often enough' };
  return { kind: 'author', approval };
}
