import { asCodeSpan, neutraliseInline } from '../outgoing-text.ts';
import { type Bar, isBarred } from './bars.ts';
import { before, type ChangeSet, type ChangeSetMember, mayMerge } from './change-set.ts';

export interface TablePlace {
  /** `https://github.com` */
  readonly serverUrl: string;
  readonly phrase: string;
  /** Of these nothing is told but that they belong to it. */
  readonly bars?: readonly Bar[];
}

/** The set as a table: on its issue, and the same on every pull request of it, so that each names the others and the order. */
export function changeSetTable(set: ChangeSet, place: TablePlace): string {
  const rows = set.members.map((member, at) => row(set, member, { at, ...place }));
  const head = `**One change in ${set.members.length} repositories**, asked for in ${issueLink(set, place.serverUrl)}, merged in this order:`;
  return [
    head,
    '',
    '| | repository | after | pull request | state |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    closing(set, place.phrase),
  ].join('\n');
}

function row(
  set: ChangeSet,
  member: ChangeSetMember,
  { at, serverUrl, bars = [] }: TablePlace & { readonly at: number },
): string {
  const isHidden = isBarred(bars, member.repository);
  const after = before(set, member).map(({ repository }) => asCodeSpan(repository, 140));
  const cells = [
    String(at + 1),
    asCodeSpan(member.repository, 140),
    after.length === 0 ? '' : after.join(', '),
    isHidden ? '' : pullLink(member, serverUrl),
    isHidden ? 'no longer looked at' : stateText(set, member),
  ];
  return `| ${cells.join(' | ')} |`;
}

function stateText(set: ChangeSet, member: ChangeSetMember): string {
  const open = before(set, member)
    .filter(({ state }) => state !== 'merged')
    .map(({ repository }) => asCodeSpan(repository, 140));
  switch (member.state) {
    case 'waiting': {
      if (set.state === 'stopped') return 'not begun';
      if (set.state === 'failed') return 'not begun: a part of the set failed';
      const until = member.begins === 'merged' ? 'merged' : 'in review';
      return `waits until ${open.join(' and ')} is ${until}`;
    }
    case 'working':
      return member.tries > 1 ? `an agent works on it (try ${member.tries})` : 'an agent works on it';
    case 'in_review':
      return inReview(set, member, open.join(' and '));
    case 'merged':
      return member.early === true ? 'merged, before what it should have come after' : 'merged';
    case 'failed':
    case 'given-up':
      return `**failed**: ${cell(member.why ?? 'nobody said why', set.issue)}`;
    default:
      return member.state satisfies never;
  }
}

function inReview(set: ChangeSet, member: ChangeSetMember, open: string): string {
  const stuck = member.why === undefined ? '' : `; ${cell(member.why, set.issue)}`;
  if (mayMerge(set, member)) return `**in review**, may be merged${stuck}`;
  const undrafted = member.undrafted === true ? '; it is **no draft**, so nothing but this line says so' : '';
  return `in review, **not to be merged before** ${open}${undrafted}${stuck}`;
}

function closing(set: ChangeSet, phrase: string): string {
  switch (set.state) {
    case 'going':
      return 'This table is kept up to date. A pull request of this set is merged by people, one after the other.';
    case 'merged':
      return 'All of it is merged.';
    case 'stopped':
      return `**Stopped**: ${cell(set.why ?? 'somebody asked for it', set.issue)}. Nothing more begins by itself; \`${phrase} retry\` on the issue goes on.`;
    case 'failed':
      return `**A part failed, so nothing more begins** and what is still a draft stays one. \`${phrase} retry\` on the issue starts anew what failed.`;
    default:
      return set.state satisfies never;
  }
}

function issueLink({ repository, issue }: ChangeSet, serverUrl: string): string {
  return `[${repository}#${issue}](${serverUrl}/${repository}/issues/${issue})`;
}

function pullLink({ repository, pullRequest, issue }: ChangeSetMember, serverUrl: string): string {
  if (pullRequest !== undefined) return `[#${pullRequest}](${serverUrl}/${repository}/pull/${pullRequest})`;
  return issue === undefined ? '' : `[issue #${issue}](${serverUrl}/${repository}/issues/${issue})`;
}

/** A reason may quote what a program or a person wrote. */
function cell(text: string, issue: number): string {
  return neutraliseInline(text, { issue, maxLength: 300 }).replaceAll('|', '\\|');
}
