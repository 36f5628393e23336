import { type MemberMark, readMemberMark } from '../../domain/change-set/member-mark.ts';
import type { IssueSnapshot } from '../../domain/issue.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Forge } from '../../ports/forge.ts';

/** The set that an issue is a part of; undefined: of none. Anybody can write the mark, so it counts in our own issues only. */
export async function memberPart(
  forge: Pick<Forge, 'isOwnAuthor'>,
  { body, author }: Pick<IssueSnapshot, 'body' | 'author'>,
): Promise<MemberMark | undefined> {
  const mark = readMemberMark(body);
  return mark !== undefined && (await forge.isOwnAuthor(author)) ? mark : undefined;
}

/** A pull request that may not be merged yet is opened as a draft, and nobody is asked to merge it, whatever the settings say. */
export async function settingsOfMember(
  forge: Pick<Forge, 'isOwnAuthor'>,
  issue: Pick<IssueSnapshot, 'body' | 'author'>,
  settings: Settings,
): Promise<Settings> {
  const part = await memberPart(forge, issue);
  return part?.held === true ? { ...settings, draft: true, merge: 'never' } : settings;
}
