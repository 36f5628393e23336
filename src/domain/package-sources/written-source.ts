/** Where a package comes from: a host, or a place on one where everybody may put something. */
export interface WrittenSource {
  /** What is compared and told: `registry.npmjs.org`, `github.com/octo/slug`, `http://packages.example`. */
  readonly name: string;
  /** Lower case, with its port when that is not the usual one. */
  readonly host: string;
}

/** On these a host says nothing: each repository, bucket or account is a place of its own. */
const shared: readonly RegExp[] = [
  /^(?:[a-z0-9-]+\.)*(?:github|gitlab|githubusercontent|bitbucket|codeberg|sourceforge)\.(?:com|org|io|net)$/,
  /^(?:[a-z0-9-]+\.)*(?:amazonaws\.com|googleapis\.com|jsdelivr\.net|unpkg\.com|pkg\.pr\.new)$/,
];

/** Words that some lock files write in the place of a host. */
const forges: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gist: 'gist.github.com',
};

const secure = new Set(['https', 'ssh', 'git+https', 'git+ssh', 'registry+https', 'sparse+https', 'hg+ssh', 'svn+ssh']);
/** They stay on this machine, and within the repository that is checked. */
const local = new Set(['file', 'link', 'git+file']);

/**
 * The beginning of an address, of which browsers and package managers make the same although it lacks slashes or has them the other
 * way round.
 */
const opening = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}):(?:[/\\]{2,8}|(?<=https?:)[/\\]?(?=[a-z0-9[]))/gi;
const scpLike = /[\w.-]@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}):([\w~./-]{1,300})/gi;
const shorthand = /(?<![\w.+/-])(github|gitlab|bitbucket|gist):([\w.-]{1,100}(?:\/[\w.-]{1,100})?)/gi;
const longest = 500;

export interface Reading {
  /** Tells of the words before an address on its line that it is only spoken of. */
  readonly isSentence?: (before: string) => boolean;
  /** No value goes on in the next line. */
  readonly byLine?: boolean;
}

/** Every address in a text. */
export function sourcesIn(text: string, { isSentence, byLine = false }: Reading = {}): readonly WrittenSource[] {
  const found: WrittenSource[] = [];
  for (const match of text.matchAll(opening)) {
    const scheme = (match[1] ?? '').toLowerCase();
    const from = match.index + match[0].length;
    if (local.has(scheme) || isSentence?.(lineBefore(text, match.index)) === true) continue;
    const rest = text.slice(from, from + longest);
    const authority = authorityOf(rest, text.charAt(match.index - 1), byLine);
    if (authority === '') continue;
    found.push(named(secure.has(scheme) ? '' : `${scheme}://`, hostOf(authority), rest.slice(authority.length)));
  }
  for (const [, host = '', path = ''] of text.matchAll(scpLike)) found.push(named('', host.toLowerCase(), path));
  for (const [, word = '', path = ''] of text.matchAll(shorthand)) {
    found.push(named('', forges[word.toLowerCase()] ?? word, path));
  }
  return found;
}

/**
 * Up to the path. A quote, a space or the end of a line closes it, unless a name may follow: all of them may stand before an `@` in
 * some program's reading, which then goes to what is behind it. Such a one is taken whole, and known to nobody.
 */
function authorityOf(rest: string, before: string, byLine: boolean): string {
  const whole = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const odd = whole.search(/[\s"'<>{}|`\\,()]/);
  if (odd < 0) return whole;
  const char = whole.charAt(odd);
  const closes =
    (char === before && /["']/.test(char) && whole.charAt(odd + 1) !== char) || (byLine && /[\r\n]/.test(char));
  const mayGoOn = whole.length >= longest - 1 || whole.includes('@', odd) || char === '\\';
  return closes || !mayGoOn ? whole.slice(0, odd) : whole.trimEnd();
}

function hostOf(authority: string): string {
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/:(?:443|22)?$/, '')
    .replace(/\.$/, '');
}

/** `octo/slug` in a manifest: npm takes it for a repository on GitHub. */
export function repositoryShorthand(value: string): WrittenSource | undefined {
  const [, path] = /^([\w.-]{1,100}\/[\w.-]{1,100})(?:#.*)?$/s.exec(value) ?? [];
  return path === undefined ? undefined : named('', 'github.com', path);
}

/** The first two names of a path, as far as they are plain. */
const place = /^[/\\:]*([^\s"'<>{}|`?#,()\]/\\:]{0,100})[/\\:]*([^\s"'<>{}|`?#,()\]/\\:]{0,100})/;

function named(prefix: string, host: string, path: string): WrittenSource {
  if (!shared.some((pattern) => pattern.test(host))) return { name: `${prefix}${host}`, host };
  const [, ...parts] = place.exec(path) ?? [];
  // A commit or version may follow, which is not another place.
  const plain = parts.filter(Boolean).map((part) =>
    part
      .replace(/(?<=.)@.*$/s, '')
      .replace(/\.git$/, '')
      .toLowerCase(),
  );
  return { name: [`${prefix}${host}`, ...plain].join('/'), host };
}

const longestLine = 400;

function lineBefore(text: string, index: number): string {
  const from = Math.max(0, index - longestLine);
  const before = text.slice(from, index);
  return before.slice(before.lastIndexOf('\n') + 1);
}
