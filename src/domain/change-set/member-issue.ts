import type { IssueSnapshot } from '../issue.ts';
import { asCodeSpan, neutraliseLine, neutraliseMarkdown } from '../outgoing-text.ts';
import { parseFullName } from '../repository.ts';
import { before, type ChangeSet, type ChangeSetMember } from './change-set.ts';
import { memberMark } from './member-mark.ts';

/** GitHub takes 65,536 characters; the issue's text may take this many of them. */
const longestText = 40_000;

/**
 * The issue of one member: the text that was asked for, made harmless, and what this repository's part of it is. Everything after
 * our own words is somebody else's text, and it is read as such by whoever works on it.
 */
export function memberIssue(
  set: ChangeSet,
  member: ChangeSetMember,
  asked: Pick<IssueSnapshot, 'title' | 'body' | 'url'>,
): { readonly title: string; readonly body: string } {
  const repository = parseFullName(set.repository);
  if (repository === undefined) throw new RangeError(`not the name of a repository: ${set.repository}`);
  const held = member.begins === 'in-review' && member.dependsOn.length > 0;
  const outgoing = { issue: set.issue, maxLength: longestText };
  const place = `${set.repository}#${set.issue}`;
  const title = neutraliseLine(asked.title, { ...outgoing, maxLength: 200 });
  const lines = [
    memberMark({ set: { repository, number: set.issue }, held }),
    `The part of \`${member.repository}\` in one change over ${set.members.length} repositories, asked for in [${place}](${asked.url}) by \`${set.askedBy}\`. Only this repository is changed here; the others have issues of their own.`,
    ...orderOf(set, member),
    '---',
    neutraliseMarkdown(asked.body, outgoing),
  ];
  return { title: `${title} (part of ${place})`, body: lines.join('\n\n') };
}

function orderOf(set: ChangeSet, member: ChangeSetMember): readonly string[] {
  const first = before(set, member).map(
    ({ repository, state }) => `${asCodeSpan(repository, 140)} (${state === 'merged' ? 'merged' : 'in review'})`,
  );
  return first.length === 0 ? [] : [`It comes after ${first.join(' and ')}.`];
}
