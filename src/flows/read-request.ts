import { parseCommand, parseCommandWords } from '../domain/command-parser.ts';
import { parseMarkers } from '../domain/markers.ts';
import { readRoleLabel } from '../domain/role-label.ts';
import type { EventIssue, TriggerEvent } from '../domain/trigger-event.ts';
import type { GateRequest } from './gate.ts';

export type ReadRequest = GateRequest | { readonly kind: 'ignored'; readonly reason: string };

/** What an event asks of agents, by the phrase and the label that the repository chose. */
export function readRequest(
  event: TriggerEvent,
  words: { readonly triggerPhrase: string; readonly labelTrigger: string },
): ReadRequest {
  switch (event.kind) {
    case 'unrelated':
      return ignored(event.reason);
    case 'comment':
      return readComment(event, words.triggerPhrase);
    case 'label':
      return readLabel(event, words.labelTrigger);
    case 'dispatch': {
      const typed = event.command.trim();
      // The phrase may be left out, but people who know it write it.
      const bare = typed.toLowerCase().startsWith(`${words.triggerPhrase.toLowerCase()} `)
        ? typed.slice(words.triggerPhrase.length).trim()
        : typed;
      const asked = parseCommandWords(bare === '' ? ['fix'] : bare.split(/\s+/, 50));
      if (asked.kind === 'none') return ignored('the dispatch holds no command');
      return {
        issueNumber: event.issueNumber,
        asked,
        sender: event.sender,
        approval: { seen: undefined, comment: undefined, at: undefined },
        isPullRequest: undefined,
      };
    }
    default:
      return event satisfies never;
  }
}

function readComment(event: TriggerEvent & { kind: 'comment' }, triggerPhrase: string): ReadRequest {
  const { issue, comment, sender } = event;
  const ours = parseMarkers(comment.body.split('\n', 1)[0] ?? '').length > 0;
  if (ours) return ignored('the comment is one of our own');
  const asked = parseCommand(comment.body, triggerPhrase);
  if (asked.kind === 'none') return ignored(`the comment holds no ${triggerPhrase} command`);
  const approval = { seen: seenOf(issue), comment: { id: comment.id, body: comment.body }, at: comment.createdAt };
  return { issueNumber: issue.number, asked, sender, approval, isPullRequest: issue.isPullRequest };
}

function readLabel(event: TriggerEvent & { kind: 'label' }, labelTrigger: string): ReadRequest {
  const { issue, label, sender } = event;
  const approval = { seen: seenOf(issue), comment: undefined, at: issue.updatedAt };
  const request = { issueNumber: issue.number, sender, approval, isPullRequest: issue.isPullRequest };
  const read = readRoleLabel(label, labelTrigger);
  switch (read.kind) {
    case 'other':
      return ignored(`the label is not ${labelTrigger}`);
    case 'unknown-role':
      return { ...request, asked: { kind: 'unknown-role', name: read.name } };
    case 'role':
      return { ...request, asked: { kind: 'command', command: { name: 'fix', options: { role: read.role } } } };
    default:
      return read satisfies never;
  }
}

function seenOf({ title, body }: EventIssue): { readonly title: string; readonly body: string } {
  return { title, body };
}

function ignored(reason: string): ReadRequest {
  return { kind: 'ignored', reason };
}
