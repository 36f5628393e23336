import { type IssuePlace, parseFullName } from '../repository.ts';

/** What the first line of a member's own issue says of the set that it belongs to. */
export interface MemberMark {
  readonly set: IssuePlace;
  /** It may begin before what it depends on is merged, so that its pull request stays a draft until then. */
  readonly held: boolean;
}

const shape = /^<!-- entropy-change-set ([A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100})#([1-9][0-9]{0,9}) (free|held) -->$/;

/** `<!-- entropy-change-set octo/lib#12 held -->` */
export function memberMark({ set, held }: MemberMark): string {
  const { repository, number } = set;
  return `<!-- entropy-change-set ${repository.owner}/${repository.name}#${number} ${held ? 'held' : 'free'} -->`;
}

/** Of an issue's text. Anybody can write such a line, so whoever goes by it asks whose the issue is. */
export function readMemberMark(body: string): MemberMark | undefined {
  const [line = ''] = body.split('\n', 1);
  const [, name = '', number = '', hold = ''] = shape.exec(line.trim()) ?? [];
  const repository = parseFullName(name);
  if (repository === undefined) return undefined;
  return { set: { repository, number: Number(number) }, held: hold === 'held' };
}
