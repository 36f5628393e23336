/**
 * Globs over paths, read as in a .gitignore: `*` and `?` stay within a folder, `**` does not, a glob without a slash
 * (but for a last one) names files in any folder, and a glob that names a folder covers all in it. No brackets, no
 * negation. Time is bounded by the product of both lengths, whatever a glob says.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const trimmed = glob.replace(/^\//, '').replace(/\/$/, '');
  if (trimmed === '') return false;
  const anchored = glob.startsWith('/') || trimmed.includes('/');
  const pattern = (anchored ? trimmed : `**/${trimmed}`).split('/');
  return reached(pattern, path.split('/')).some((hit, length) => hit && length > 0);
}

/** The same stars, but the glob must say the whole text from its beginning: no folder covers what is in it. */
export function matchesWhole(glob: string, text: string): boolean {
  return reached(glob.split('/'), text.split('/')).at(-1) === true;
}

export function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => matchesGlob(glob, path));
}

/** Of which lengths the beginnings of the path are that the pattern matches. Row by row, as for an edit distance. */
function reached(pattern: readonly string[], segments: readonly string[]): readonly boolean[] {
  // reachable[i]: the pattern so far matches exactly the first i segments.
  let reachable = segments.map(() => false);
  reachable.unshift(true);
  for (const [index, part] of pattern.entries()) {
    const next = reachable.map(() => false);
    if (part === '**') {
      const first = reachable.indexOf(true);
      if (first === -1) return next;
      // At the end it stands for what is in a folder, not for the folder itself.
      const least = index === pattern.length - 1 ? first + 1 : first;
      for (let at = least; at < next.length; at += 1) next[at] = true;
    } else {
      segments.forEach((segment, at) => {
        if (reachable[at] === true && matchesSegment(part, segment)) next[at + 1] = true;
      });
    }
    reachable = next;
  }
  return reachable;
}

/** `*` any characters, `?` one. Falls back only to the last star, which is enough and never explodes. */
function matchesSegment(glob: string, text: string): boolean {
  let inGlob = 0;
  let inText = 0;
  let star = -1;
  let starText = 0;
  while (inText < text.length) {
    const char = glob.charAt(inGlob);
    if (char === '*') {
      star = inGlob;
      starText = inText;
      inGlob += 1;
    } else if (inGlob < glob.length && (char === '?' || char === text.charAt(inText))) {
      inGlob += 1;
      inText += 1;
    } else if (star !== -1) {
      starText += 1;
      inText = starText;
      inGlob = star + 1;
    } else {
      return false;
    }
  }
  while (glob.charAt(inGlob) === '*') inGlob += 1;
  return inGlob === glob.length;
}

/** Why a text cannot be a glob of ours, or undefined when it can. */
export function globProblem(glob: string): string | undefined {
  if (glob.trim() === '') return 'it is empty';
  if (glob.length > 300) return 'it is longer than 300 characters';
  if (glob.includes('\\')) return 'write paths with forward slashes';
  if (/[[\]{}!\0]/.test(glob)) return 'only *, ** and ? are special; brackets, braces and "!" are not known';
  const parts = glob.split('/');
  return parts.includes('..') || parts.includes('.') ? 'no "." or ".." in paths' : undefined;
}
