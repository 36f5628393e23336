import { count, groupOf, listOf, type Shape } from '../shape.ts';
import { lineText } from '../shape-kinds.ts';
import type { TakenAnswer, TeamApproval } from './team-approval.ts';

export const teamApprovalShape: Shape<TeamApproval> = groupOf<TeamApproval>({
  required: { seen: lineText, at: lineText },
  optional: {
    comment: count,
    answers: listOf(groupOf<TakenAnswer>({ required: { id: count, digest: lineText }, optional: {} })),
  },
});
