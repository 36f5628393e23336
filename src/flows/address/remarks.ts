import type { Omitted, Remark } from '../../domain/brief.ts';
import type { Forge, PullRequestInfo } from '../../ports/forge.ts';
import {
  type Conversation,
  type ConversationForge,
  isMarked,
  newestOf,
  openConversations,
  type Saying,
} from './open-conversations.ts';
import { type ToldBefore, wasTold } from './told-before.ts';

export interface RemarksRequest {
  readonly forge: Pick<Forge, 'file' | 'isOwnAuthor'> & ConversationForge;
  readonly pull: Pick<PullRequestInfo, 'number' | 'headSha'>;
  readonly mayBeHeard: (login: string) => Promise<boolean>;
}

export interface FoundRemarks extends Omitted {
  /** What is about the head as it is now first, each with its newest conversation first; a conversation in its order. */
  readonly remarks: readonly Remark[];
}

const mostRemarks = 60;
const mostBody = 4_000;
/** Lines of the code that a remark stands on, before and after its own. */
const around = 3;

/** All that is open. A reviewer of ours writes its findings as such comments, so our own words are heard too. */
export async function openRemarks(request: RemarksRequest): Promise<FoundRemarks> {
  return tell(request, await openConversations(request.forge, request.pull));
}

/** Conversations in which somebody who may be heard said something that no coder was told of. */
export async function newRemarks(request: RemarksRequest, told: ToldBefore): Promise<FoundRemarks> {
  const fresh: Conversation[] = [];
  for (const conversation of await openConversations(request.forge, request.pull)) {
    const later = conversation.filter((saying) => isPersons(saying) && !wasTold(told, saying));
    for (const { author } of later) {
      if (!(await request.mayBeHeard(author))) continue;
      fresh.push(conversation);
      break;
    }
  }
  return tell(request, fresh);
}

/** A program of somebody else's is heard where it is listed, and sends nobody by itself: two of them would go on for ever. */
function isPersons(saying: Saying): boolean {
  return !isMarked(saying) && !saying.author.endsWith('[bot]');
}

/** What came of a review or a comment that somebody told us of: then all that is open is told, for one of many comes first. */
export type AskedByRemark =
  | { readonly kind: 'asks'; readonly remarks: FoundRemarks }
  | { readonly kind: 'nothing' | 'unheard' | 'told' };

export async function remarksOnEvent(
  request: RemarksRequest,
  isIt: (saying: Saying) => boolean,
  told: ToldBefore,
): Promise<AskedByRemark> {
  const open = await openConversations(request.forge, request.pull);
  const asked = open.flat().filter(isIt);
  if (asked.length === 0) return { kind: 'nothing' };
  const heard: Saying[] = [];
  for (const saying of asked) if (await isHeard(request, saying.author)) heard.push(saying);
  if (heard.length === 0) return { kind: 'unheard' };
  if (heard.every((saying) => wasTold(told, saying))) return { kind: 'told' };
  return { kind: 'asks', remarks: await tell(request, open) };
}

async function tell(request: RemarksRequest, open: readonly Conversation[]): Promise<FoundRemarks> {
  const heard: Conversation[] = [];
  let unheard = 0;
  for (const conversation of open) {
    const sayings: Saying[] = [];
    for (const saying of conversation) if (await isHeard(request, saying.author)) sayings.push(saying);
    unheard += conversation.length - sayings.length;
    const [first, ...others] = sayings;
    if (first !== undefined) heard.push([first, ...others]);
  }
  const { headSha } = request.pull;
  const ordered = heard
    .map((conversation) => ({ conversation, newest: newestOf(conversation), isOld: isOlder(conversation, headSha) }))
    .sort(
      (one, other) =>
        Number(one.isOld) - Number(other.isOld) || Date.parse(other.newest.at) - Date.parse(one.newest.at),
    );
  const kept = withinBounds(ordered.map(({ conversation }) => conversation));
  const all = heard.reduce((sum, conversation) => sum + conversation.length, 0);
  const remarks = await onLines(request, kept);
  return { remarks, unheard, left: all - remarks.length };
}

/** Said about another commit than the head: something was pushed since, which may have answered it. */
function isOlder(conversation: Conversation, headSha: string): boolean {
  const { commitSha } = newestOf(conversation);
  return commitSha !== undefined && commitSha !== headSha;
}

/** Whole conversations as long as there is room, and at least the end of the first. */
function withinBounds(conversations: readonly Conversation[]): readonly (readonly Saying[])[] {
  const kept: (readonly Saying[])[] = [];
  let room = mostRemarks;
  for (const conversation of conversations) {
    if (conversation.length > room && kept.length > 0) continue;
    kept.push(conversation.slice(-room));
    room -= Math.min(room, conversation.length);
    if (room === 0) break;
  }
  return kept;
}

async function onLines(
  { forge, pull }: RemarksRequest,
  conversations: readonly (readonly Saying[])[],
): Promise<readonly Remark[]> {
  const files = new Map<string, readonly string[]>();
  const remarks: Remark[] = [];
  for (const conversation of conversations) {
    for (const [at, { id, author, body, at: createdAt, path, line, commitSha }] of conversation.entries()) {
      const shown = at === 0 && path !== undefined && line !== undefined;
      if (shown && !files.has(path)) files.set(path, await linesAt(forge, path, pull.headSha));
      const lines = shown ? linesAround(files.get(path) ?? [], line) : '';
      const isOld = commitSha !== undefined && commitSha !== pull.headSha;
      remarks.push({
        author,
        body: cut(body),
        ...(path !== undefined && { path }),
        ...(line !== undefined && { line }),
        ...(lines !== '' && { lines }),
        createdAt,
        commentId: id,
        ...(isOld && { about: commitSha }),
      });
    }
  }
  return remarks;
}

function cut(body: string): string {
  const left = body.length - mostBody;
  return left <= 0 ? body : `${body.slice(0, mostBody)}\n\n[${left} more characters are left out]`;
}

async function linesAt(forge: RemarksRequest['forge'], path: string, sha: string): Promise<readonly string[]> {
  const bytes = await forge.file(path, sha);
  return bytes === undefined ? [] : Buffer.from(bytes).toString('utf8').split('\n');
}

function linesAround(lines: readonly string[], line: number): string {
  const from = Math.max(0, line - 1 - around);
  const shown = lines.slice(from, line + around).map((text, at) => `${from + at + 1}: ${text.slice(0, 200)}`);
  return shown.join('\n');
}

async function isHeard({ forge, mayBeHeard }: RemarksRequest, author: string): Promise<boolean> {
  return (await mayBeHeard(author)) || (await forge.isOwnAuthor(author));
}
