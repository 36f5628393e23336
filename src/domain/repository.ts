/** A repository on a forge, as its web address names it. */
export interface RepositoryRef {
  readonly owner: string;
  readonly name: string;
}

/** An issue or pull request, wherever it is; which of the two, its number does not tell. */
export interface IssuePlace {
  readonly repository: RepositoryRef;
  readonly number: number;
}

export function fullName(repository: RepositoryRef): string {
  return `${repository.owner}/${repository.name}`;
}

/** Of two full names: GitHub tells owners and names apart without regard to case. */
export function sameRepository(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** GitHub's own limits: owner 39 characters, name 100, both from a narrow alphabet. */
export function parseFullName(text: string): RepositoryRef | undefined {
  const match = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100})$/.exec(text);
  const owner = match?.[1];
  const name = match?.[2];
  if (owner === undefined || name === undefined || name === '.' || name === '..') return undefined;
  return { owner, name };
}
