import { isBot } from '../domain/actor-policy.ts';
import { baseStep } from '../domain/base-merge.ts';
import { parseBranchName } from '../domain/branch-name.ts';
import { type ParsedCommand, parseCommand, parseCommandWords } from '../domain/command-parser.ts';
import { type HeardAgain, readHeardAgain } from '../domain/heard-again.ts';
import { markOf } from '../domain/markers.ts';
import type { RequestCause } from '../domain/request-cause.ts';
import { readRoleLabel } from '../domain/role-label.ts';
import type { EventIssue, EventPull, TriggerEvent } from '../domain/trigger-event.ts';
import type { GateRequest } from './gate.ts';
import type { RequestWords } from './request-words.ts';

export type ReadRequest = GateRequest | { readonly kind: 'ignored'; readonly reason: string };

type EventOf<Kind extends TriggerEvent['kind']> = Extract<TriggerEvent, { readonly kind: Kind }>;

/** What an event asks of agents, by the words that the repository chose. Nothing is asked of anybody here. */
export function readRequest(event: TriggerEvent, words: RequestWords): ReadRequest {
  switch (event.kind) {
    case 'unrelated':
      return ignored(event.reason);
    case 'comment':
      return readComment(event, words);
    case 'line-comment':
      return readLineComment(event, words);
    case 'label':
      return readLabel(event, words.labelTrigger);
    case 'assigned':
      return readAssigned(event, words.assigneeTrigger);
    case 'opened':
      return readOpened(event, words);
    case 'closed':
      return ignored('what is closed asks for nothing');
    case 'pull':
      return readPull(event, words);
    case 'review':
      return readReview(event, words);
    case 'checks':
      return readChecks(event, words);
    case 'pushed':
      return ignored('what a push means to pull requests is looked at beside the gate');
    case 'dispatch': {
      const { issueNumber, step, sender, command } = event;
      if (step === baseStep) return readBase(event, words);
      const asked = typedCommand(command, words.triggerPhrase);
      if (asked.kind === 'none') return ignored('the dispatch holds no command');
      const again = step === undefined ? undefined : readHeardAgain(step);
      if (again !== undefined) return askedAgain(event, again, words);
      const cause = step === undefined ? undefined : ({ kind: 'step', step } as const);
      return { issueNumber, asked, sender, approval: untold, isPullRequest: undefined, ...(cause && { cause }) };
    }
    case 'schedule': {
      const { order, sender } = event;
      if (order === undefined) return ignored('the schedule orders nothing');
      const asked = typedCommand(order.command, words.triggerPhrase);
      if (asked.kind === 'none') return ignored('the schedule holds no command');
      // Without an issue one is found or opened, when it is known that somebody may.
      const issueNumber = order.issueNumber ?? 0;
      const cause = { kind: 'schedule', order } as const;
      return { issueNumber, asked, sender, approval: untold, isPullRequest: undefined, cause };
    }
    default:
      return event satisfies never;
  }
}

/** As what it was when it came; for whom it is done is looked up. */
function askedAgain(
  { issueNumber, sender }: EventOf<'dispatch'>,
  again: HeardAgain,
  { automaticReview, automaticRemarks }: RequestWords,
): ReadRequest {
  const isWanted = again.kind === 'pull-changed' ? automaticReview !== 'never' : automaticRemarks;
  if (!isWanted) return ignored('nobody is sent for that by itself');
  const asked = commandNamed(again.kind === 'pull-changed' ? 'review' : 'fix');
  const cause = { ...again, again: true } as const;
  return { issueNumber, asked, sender, approval: untold, isPullRequest: true, cause };
}

const untold = { seen: undefined, comment: undefined, at: undefined } as const;

/** The phrase may be left out, but people who know it write it. */
function typedCommand(text: string, triggerPhrase: string): ParsedCommand {
  const typed = text.trim();
  const hasPhrase = `${typed.toLowerCase()} `.startsWith(`${triggerPhrase.toLowerCase()} `);
  const bare = hasPhrase ? typed.slice(triggerPhrase.length).trim() : typed;
  return parseCommandWords(bare === '' ? ['fix'] : bare.split(/\s+/, 50));
}

function readComment(event: EventOf<'comment'>, { triggerPhrase, teamStages }: RequestWords): ReadRequest {
  const { issue, comment, sender } = event;
  if (isOurs(comment.body)) return ignored('the comment is one of our own');
  const asked = parseCommand(comment.body, triggerPhrase);
  const approval = { seen: seenOf(issue), comment: { id: comment.id, body: comment.body }, at: comment.createdAt };
  const request = { issueNumber: issue.number, sender, approval, isPullRequest: issue.isPullRequest };
  if (asked.kind !== 'none') return { ...request, asked };
  const mayAnswer = teamStages.length > 0 && !issue.isPullRequest && !isBot(sender);
  if (!mayAnswer) return ignored(`the comment holds no ${triggerPhrase} command`);
  return { ...request, asked: commandNamed('retry'), cause: { kind: 'answer' } };
}

/** A command on a line is a command of its pull request; other words are a remark for whoever made it. */
function readLineComment(event: EventOf<'line-comment'>, words: RequestWords): ReadRequest {
  const { issue, comment, sender } = event;
  if (isOurs(comment.body)) return ignored('the comment is one of our own');
  const asked = parseCommand(comment.body, words.triggerPhrase);
  const lineComment = { id: comment.id, body: comment.body };
  const request = { ...aboutPull(issue, sender, comment.createdAt), lineComment };
  if (asked.kind !== 'none') return { ...request, asked };
  if (!words.automaticRemarks) return ignored('automatic.remarks is false');
  return remark(request, { kind: 'line-comment', commentId: comment.id });
}

/** Whatever a review says of the change, a command in it is one; without a command only a request for changes is for us. */
function readReview({ issue, review, sender }: EventOf<'review'>, words: RequestWords): ReadRequest {
  if (isOurs(review.body)) return ignored('the review is one of our own');
  const request = aboutPull(issue, sender, review.submittedAt);
  const asked = parseCommand(review.body, words.triggerPhrase);
  if (asked.kind !== 'none') return { ...request, asked, review: { id: review.id, body: review.body } };
  if (!review.demands) return ignored(`the review requests no changes and holds no ${words.triggerPhrase} command`);
  if (!words.automaticRemarks) return ignored('automatic.remarks is false');
  return remark(request, { kind: 'review', reviewId: review.id });
}

function remark(request: Omit<GateRequest, 'asked'>, cause: RequestCause): ReadRequest {
  if (isBot(request.sender)) return ignored("the remark is a bot's");
  return { ...request, asked: commandNamed('fix'), cause };
}

function readLabel(event: EventOf<'label'>, labelTrigger: string): ReadRequest {
  const { issue, label, sender } = event;
  const approval = { seen: seenOf(issue), comment: undefined, at: issue.updatedAt };
  const request = {
    issueNumber: issue.number,
    sender,
    approval,
    isPullRequest: issue.isPullRequest,
    ...('headSha' in issue && { headSha: issue.headSha }),
  };
  const read = readRoleLabel(label, labelTrigger);
  switch (read.kind) {
    case 'other':
      return ignored(`the label is not ${labelTrigger}`);
    case 'unknown-role':
      return { ...request, asked: { kind: 'unknown-role', name: read.name, known: [] } };
    case 'role':
      return { ...request, asked: { kind: 'role', role: read.role } };
    case 'default':
      return { ...request, asked: commandNamed('fix') };
    default:
      return read satisfies never;
  }
}

function readAssigned(event: EventOf<'assigned'>, assigneeTrigger: string | undefined): ReadRequest {
  const { issue, assignee, sender } = event;
  const ours = assigneeTrigger !== undefined && assignee.toLowerCase() === assigneeTrigger.toLowerCase();
  if (!ours) return ignored('the assignee is not the account of assignee-trigger');
  const approval = { seen: seenOf(issue), comment: undefined, at: issue.updatedAt };
  return { issueNumber: issue.number, asked: commandNamed('fix'), sender, approval, isPullRequest: false };
}

function readOpened({ issue, sender }: EventOf<'opened'>, { automaticTriage }: RequestWords): ReadRequest {
  if (automaticTriage === 'never') return ignored('automatic.triage is never');
  if (isBot(sender)) return ignored('a bot opened it');
  const approval = { seen: seenOf(issue), comment: undefined, at: issue.updatedAt };
  const request = { issueNumber: issue.number, sender, approval, isPullRequest: false };
  return { ...request, asked: commandNamed('triage'), cause: { kind: 'issue-opened' } };
}

function readPull({ issue, sender }: EventOf<'pull'>, { automaticReview }: RequestWords): ReadRequest {
  if (automaticReview === 'never') return ignored('automatic.review is never');
  if (issue.draft) return ignored('the pull request is a draft');
  if (isBot(sender)) return ignored('a bot opened or changed it');
  const request = { ...aboutPull(issue, sender, issue.updatedAt), cause: { kind: 'pull-changed' } } as const;
  return { ...request, asked: commandNamed('review') };
}

function readChecks(event: EventOf<'checks'>, words: RequestWords): ReadRequest {
  const { branch, headSha, failed, told, sender } = event;
  const { automaticChecks, branchPrefix, teamStages } = words;
  const made = parseBranchName(branchPrefix, branch);
  if (made === undefined) return ignored("the branch is not an agent's");
  if (!automaticChecks) return ignored('automatic.checks is false');
  // News to a team that waits for it; without one to a coder whose other checks have failed, if this was the last of them.
  if (!failed && told === 'workflow' && teamStages.length === 0) return ignored('the workflow did not fail');
  const cause = { kind: 'checks', sha: headSha, failed, told } as const;
  const request = { issueNumber: made.issue, sender, approval: untold, isPullRequest: false, cause };
  return { ...request, asked: commandNamed('fix') };
}

/** Somebody looked, and found a conflict; here it is looked at again. */
function readBase({ issueNumber, sender }: EventOf<'dispatch'>, { automaticBase }: RequestWords): ReadRequest {
  if (!automaticBase) return ignored('automatic.base is false');
  const request = { issueNumber, sender, approval: untold, isPullRequest: false, cause: { kind: 'base' } } as const;
  return { ...request, asked: commandNamed('fix') };
}

function aboutPull(issue: EventPull, sender: GateRequest['sender'], at: string | undefined) {
  const approval = { seen: seenOf(issue), comment: undefined, at };
  return { issueNumber: issue.number, sender, approval, isPullRequest: true, headSha: issue.headSha };
}

function commandNamed(name: 'fix' | 'retry' | 'triage' | 'review') {
  return { kind: 'command', command: { name, options: {} } } as const;
}

function isOurs(body: string): boolean {
  return markOf(body) !== undefined;
}

function seenOf({ title, body }: EventIssue): { readonly title: string; readonly body: string } {
  return { title, body };
}

function ignored(reason: string): ReadRequest {
  return { kind: 'ignored', reason };
}
