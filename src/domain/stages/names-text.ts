const shownNames = 5;

/** The first few of many names, and how many there are more. Untrusted when the names are. */
export function namesText(names: readonly string[]): string {
  const more = names.length - shownNames;
  const shown = names.slice(0, shownNames).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
