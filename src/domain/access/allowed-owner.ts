/** Whose repositories count: `octo`, or with its number `octo#9919` the owner that bears this name today, no later one. */
export interface AllowedOwner {
  /** In lower case. */
  readonly login: string;
  readonly id?: string;
}

/** A login of GitHub and, behind `#`, the number that GitHub gives an owner for good. */
export const ownerForm = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})(?:#([1-9][0-9]{0,19}))?$/;

export function parseAllowedOwner(text: string): AllowedOwner | undefined {
  const [, login, id] = ownerForm.exec(text) ?? [];
  return login === undefined ? undefined : { login: login.toLowerCase(), ...(id !== undefined && { id }) };
}

/** A name can be given up and taken by somebody else; the number cannot, so where one is pinned it decides. */
export function isAllowedOwner(
  { login, id }: AllowedOwner,
  owner: { readonly login: string; readonly id: string | undefined },
): boolean {
  return login === owner.login.toLowerCase() && (id === undefined || id === owner.id);
}

/**
 * The same owners with the number of each that is known. One that was pinned stays as it was, whatever it is called today, and so
 * does what is no owner: that is for the settings' own rules to refuse.
 */
export function pinnedOwners(
  owners: readonly string[],
  known: readonly { readonly login: string; readonly id: string }[],
): readonly string[] {
  return owners.map((text) => {
    const owner = parseAllowedOwner(text);
    if (owner === undefined || owner.id !== undefined) return text;
    const id = known.find(({ login }) => login.toLowerCase() === owner.login)?.id;
    return id === undefined ? text : `${text}#${id}`;
  });
}
