const keptSections = new Set(
  'core remote branch extensions submodule user init pull merge diff filter status log'.split(' '),
);

/** Keys that can hold a credential in any of these sections. */
const droppedKeys = /^\s*(extraheader|helper|password|token|askpass|cookiefile|sslkey)\b/i;

/**
 * A repository's configuration as the sandbox may see it: sections from a short list, and no user or password in an
 * address. Checkouts keep tokens there (`http.<url>.extraheader`, `https://x:token@host/`), and whoever reads the
 * workspace reads them. A value that goes on in the next line is dropped whole.
 */
export function withoutCredentials(config: string): string {
  const kept: string[] = [];
  let inKeptSection = false;
  let inContinuation = false;
  for (const line of config.split('\n')) {
    const continues = line.endsWith('\\');
    if (inContinuation || continues) {
      inContinuation = continues;
      continue;
    }
    const section = /^\s*\[\s*([A-Za-z0-9.-]+)/.exec(line);
    if (section !== null) {
      inKeptSection = keptSections.has((section[1] ?? '').toLowerCase());
      // What follows a header on its own line would be a key; only a bare header is kept.
      const bare = /^\s*\[[^\]]*\]\s*$/.test(line);
      if (inKeptSection && bare) kept.push(withoutUserinfo(line));
      inKeptSection = inKeptSection && bare;
    } else if (inKeptSection && !droppedKeys.test(line)) {
      kept.push(withoutUserinfo(line));
    }
  }
  return kept.length === 0 ? '' : `${kept.join('\n').trimEnd()}\n`;
}

/** `https://user:secret@host/x` → `https://host/x`, for every scheme; `git@host:path` names a user, not a secret. */
function withoutUserinfo(line: string): string {
  return line.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^/\s"]*@/gi, '$1');
}
