/** `git check-ref-format` for a full name, as far as anything that we pass on to git could be misread. */
export function isRefName(name: string): boolean {
  if (name.length === 0 || name.length > 1000 || name.startsWith('-')) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(name)) return false;
  if (name.includes('..') || name.includes('@{') || name.endsWith('.') || name === '@') return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** What git writes where there is no object. */
export const zeroSha = '0'.repeat(40);

export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

export function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}
