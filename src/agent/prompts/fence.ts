import { createHash } from 'node:crypto';
import { readablePlain } from '../../domain/sanitise/readable-text.ts';

/**
 * Takes out what people cannot see: nothing may be said to the model that nobody reads. Then puts text that we did not write
 * between two marks that it cannot contain: the mark is a hash of the text, and should the text hold it all the same, a hash
 * of that. The same text always gets the same fence.
 */
export function fence(label: string, raw: string): string {
  const text = readablePlain(raw).text;
  let mark = hash(text);
  while (text.includes(mark)) mark = hash(mark + text);
  return `<untrusted ${plain(label)} ${mark}>\n${text}\n</untrusted ${mark}>`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Labels hold names from outside (logins, paths): nothing in one may look like a mark. */
function plain(label: string): string {
  return label.replaceAll(/[^\w .,:/@#[\]-]/g, '?').slice(0, 200);
}
