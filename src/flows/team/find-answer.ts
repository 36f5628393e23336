import { isBot } from '../../domain/actor-policy.ts';
import { parseCommand } from '../../domain/command-parser.ts';
import type { CommentSnapshot } from '../../domain/issue.ts';
import { markOf } from '../../domain/markers.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { hearing } from '../hearing.ts';
import { commentDigest } from '../plan-hash.ts';
import { whoAnswers } from '../who-answers.ts';
import type { TeamRoom } from './team-room.ts';

/** The first answer since the team asked, by the gate's own rule, where the gate heard of none. */
export async function findAnswer(
  { forge, settings }: TeamRoom,
  record: TeamRecord,
): Promise<Extract<TeamEvent, { readonly kind: 'answered' }> | undefined> {
  const { issue, history } = record;
  const since = history.at(-1)?.at ?? 0;
  const known = await settings();
  const words = (await forge.comments(issue)).filter(
    (comment) => Date.parse(comment.createdAt) > since && isAnswer(comment, known.triggerPhrase),
  );
  if (words.length === 0) return undefined;
  const { author: issueAuthor } = await forge.issue(issue);
  const mayBeHeard = hearing(forge, known);
  for (const { id, body, author, createdAt } of words) {
    const given = { id, digest: commentDigest(body), author };
    const answering = await whoAnswers({ record, issueAuthor }, given, mayBeHeard);
    if (answering.kind === 'author') return { kind: 'answered', approval: answering.approval };
    if (answering.kind === 'nobody') continue;
    // What the issue was when they wrote nobody knows here: it has to be what was seen before.
    const { approval } = record;
    return { kind: 'answered', ...(approval && { approval: { ...approval, at: createdAt, comment: id } }) };
  }
  return undefined;
}

/** Words of a person: no command, nothing of ours, no bot's. */
function isAnswer({ body, author }: CommentSnapshot, phrase: string): boolean {
  const ours = markOf(body) !== undefined;
  const bot = isBot({ login: author, kind: 'user' });
  return !ours && !bot && parseCommand(body, phrase).kind === 'none';
}
