import { createHash } from 'node:crypto';
import type { IssueSnapshot } from '../domain/issue.ts';
import { marker, markOf } from '../domain/markers.ts';
import { neutraliseLine, neutraliseMarkdown, type OutgoingOptions } from '../domain/outgoing-text.ts';
import type { Gate, PermittedRequest } from './gate.ts';

/** On every issue that a schedule opened. */
export const scheduleLabel = 'agent-schedule';
const longestTitle = 100;
const longestPrompt = 20_000;

/**
 * Where a scheduled order is worked on, told and answered: the issue that it names, else the open one of this very order, else
 * a new one that holds the order's words. So each night goes on with what the night before left open.
 */
export async function scheduledIssue(gate: Gate, request: PermittedRequest): Promise<PermittedRequest> {
  const { cause, settings } = request;
  if (cause?.kind !== 'schedule' || request.issueNumber > 0) return request;
  const { command, title } = cause.order;
  const prompt = settings.prompt ?? '';
  const op = `schedule-${createHash('sha256')
    .update(JSON.stringify([command, title ?? '', prompt]))
    .digest('hex')
    .slice(0, 16)}`;
  const { number } = (await openOne(gate, op)) ?? (await open(gate, { op, title: titleOf(title, prompt), prompt }));
  return { ...request, issueNumber: number, isPullRequest: false };
}

async function open(
  gate: Gate,
  { op, title, prompt }: { readonly op: string; readonly title: string; readonly prompt: string },
): Promise<IssueSnapshot> {
  // The number is not known before: any will do, for the order is what the marker is looked up by.
  const mark = marker({ issue: 1, fence: 0, run: '0', op });
  const words = neutraliseMarkdown(prompt, outgoing(longestPrompt));
  const body = `${mark}\n${words}\n\n_Opened by a schedule of this repository; what is to be done stands in the workflow. Close it to begin a new one._\n`;
  const created = await gate.forge.createIssue({ title, body, labels: [scheduleLabel] });
  // Two that came at once: the older one counts.
  return (await openOne(gate, op)) ?? created;
}

async function openOne({ forge }: Gate, op: string): Promise<IssueSnapshot | undefined> {
  for (const issue of await forge.openIssues(scheduleLabel)) {
    const mark = markOf(issue.body);
    if (mark?.op === op && (await forge.isOwnAuthor(issue.author))) return issue;
  }
  return undefined;
}

function titleOf(title: string | undefined, prompt: string): string {
  const words = (title ?? prompt.split('\n', 1)[0] ?? '').trim();
  return words === '' ? 'Scheduled work' : neutraliseLine(words, outgoing(longestTitle));
}

/** The words are those of the workflow's file; they call nobody and close nothing all the same. No number is its own yet. */
function outgoing(maxLength: number): OutgoingOptions {
  return { issue: 0, maxLength };
}
