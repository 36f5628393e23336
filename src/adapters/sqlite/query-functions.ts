import type { DatabaseSync } from 'node:sqlite';
import { fold } from '../../domain/query/fold.ts';
import { hasWords, type WordSearch, wordSearch } from '../../domain/query/words.ts';

const defined = new WeakSet<DatabaseSync>();
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
  defined.add(db);
}
