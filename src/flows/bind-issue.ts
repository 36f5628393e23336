import * as answers from '../domain/gate-answers.ts';
import type { CommentSnapshot, IssueSnapshot } from '../domain/issue.ts';
import { bindWords } from './bind-words.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { refuse } from './refuse.ts';

export type IssueToWorkOn =
  | {
      readonly kind: 'bound';
      /** As it was when it was asked for. */
      readonly issue: IssueSnapshot;
      /** All comments as they are, ours too. */
      readonly comments: readonly CommentSnapshot[];
    }
  | { readonly kind: 'refused'; readonly admission: Admission };

/** The issue (as it is now), when it is one that an agent may work on and nobody changed it since somebody asked. */
export async function bindIssue(gate: Gate, request: PermittedRequest, current: IssueSnapshot): Promise<IssueToWorkOn> {
  const { forge } = gate;
  const phrase = request.settings.triggerPhrase;
  if (current.state === 'closed') {
    return refused(await refuse(gate, request, { reason: 'closed', text: answers.issueClosed(phrase) }));
  }
  if (current.locked) {
    return refused(await refuse(gate, request, { reason: 'locked', text: answers.issueLocked(phrase) }));
  }
  const comments = await forge.comments(current.number);
  const bound = await bindWords(gate, { request, issue: current, comments });
  if (bound.kind === 'changed') {
    return refused(await refuse(gate, request, { reason: 'changed', text: answers.changedSince(bound.what, phrase) }));
  }
  return { kind: 'bound', issue: bound.issue, comments };
}

function refused(admission: Admission): IssueToWorkOn {
  return { kind: 'refused', admission };
}
