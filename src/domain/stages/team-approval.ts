/** A comment of the author, who may not start agents, as it was when it was taken for an answer. */
export interface TakenAnswer {
  /** Of the comment. */
  readonly id: number;
  /** SHA-256 of its text: what is written over it later is no answer. */
  readonly digest: string;
}

/**
 * What the person had before their eyes who sent the agents, kept for those that follow without anybody asking: they work for
 * that person, so they may be told nothing that others wrote since.
 */
export interface TeamApproval {
  /** SHA-256 of the title and body. */
  readonly seen: string;
  /** ISO time; what was written later counts only of people who may start agents. */
  readonly at: string;
  /** The comment with the command, which tells apart what was written in the same second. */
  readonly comment?: number;
  /** At most `maxAnswers`. */
  readonly answers?: readonly TakenAnswer[];
}

/** So often the author goes on by answering; then somebody looks who may start agents. */
export const maxAnswers = 2;

/** With one answer more; undefined: there were enough. The same comment again is no further one. */
export function withTakenAnswer(approval: TeamApproval, answer: TakenAnswer): TeamApproval | undefined {
  const { answers = [] } = approval;
  const known = answers.find(({ id }) => id === answer.id);
  if (known !== undefined) return known.digest === answer.digest ? approval : undefined;
  return answers.length >= maxAnswers ? undefined : { ...approval, answers: [...answers, answer] };
}
