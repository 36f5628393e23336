import type { DatabaseSync } from 'node:sqlite';
import { EntropyError } from '../../domain/error.ts';
import { fold } from '../../domain/query/fold.ts';
import { hasWords, type WordSearch, wordSearch } from '../../domain/query/words.ts';

const defined = new WeakSet<DatabaseSync>();
const deadlines = new WeakMap<DatabaseSync, number>();
const remembered = 64;

/** What `querySql` needs besides SQLite's own functions; once for each connection. */
export function defineQueryFunctions(db: DatabaseSync): void {
  if (defined.has(db)) return;
  const options = { deterministic: true, directOnly: true };
  const searches = new Map<string, WordSearch>();
  const searchFor = (words: string): WordSearch => {
    const known = searches.get(words);
    if (known !== undefined) return known;
    if (searches.size === remembered) searches.clear();
    const fresh = wordSearch(words.split(' '));
    searches.set(words, fresh);
    return fresh;
  };
  db.function('query_fold', options, (text) => (typeof text === 'string' ? fold(text) : text));
  db.function('query_has_words', options, (text, words) =>
    typeof text === 'string' && typeof words === 'string' && hasWords(text, searchFor(words)) ? 1 : 0,
  );
  db.function('query_in_time', { directOnly: true }, () => {
    if (performance.now() > (deadlines.get(db) ?? Number.POSITIVE_INFINITY)) throw tooSlow();
    return 1;
  });
  defined.add(db);
}

/**
 * Looking for words in long texts is the only part of a query that takes long, and nothing else happens meanwhile in this
 * process: what is not found by then is given up, with E106.
 */
export function withinTime<T>(db: DatabaseSync, patienceMs: number, search: () => T): T {
  deadlines.set(db, performance.now() + patienceMs);
  try {
    return search();
  } finally {
    deadlines.delete(db);
  }
}

function tooSlow(): EntropyError {
  return new EntropyError({
    code: 'E106',
    message: 'the query looks for too many words in too many texts, and was given up',
    fix: 'ask for fewer words, or for fewer tasks: repo:, label:, is:open, in:title',
  });
}
