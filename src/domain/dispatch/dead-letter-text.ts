import { asCodeSpan } from '../outgoing-text.ts';

/** The marker of the comment about work that was given up. */
export const deadLetterOp = 'dead-letter';

export interface TellableDeath {
  /** Undefined: nobody wrote down what went wrong. */
  readonly code: string | undefined;
  readonly reason: string;
  /** Of the work in the queue: what an administrator hands out again. */
  readonly workId: string;
}

/** What a person sees whose request came to nothing because of a fault of ours, of GitHub's or of AWS's. */
export function deadLetterText({ code, reason, workId }: TellableDeath, phrase: string): string {
  const named = code === undefined ? '' : ` (${code})`;
  return [
    `This request could not be carried out, and no further try is made${named}:`,
    asCodeSpan(reason, 600),
    `\`${phrase} retry\` asks again. Whoever runs the coordinator finds it among the dead letters as ${asCodeSpan(workId, 80)} and can hand it out again: \`entropy-playground queue redrive\`.`,
  ].join('\n\n');
}
