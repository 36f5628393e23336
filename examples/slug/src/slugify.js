import { transliterate } from './transliterate.js';

/**
 * Turns a text into a slug: letters and digits of the Latin alphabet, words joined by a separator.
 *
 * @param {string} text
 * @param {{ separator?: string, maxLength?: number, lower?: boolean }} [options]
 * @returns {string}
 */
export function slugify(text, options = {}) {
  const { separator = '-', maxLength = Number.POSITIVE_INFINITY, lower = true } = options;
  if (typeof text !== 'string') throw new TypeError(`slugify takes a string, got ${typeof text}`);
  if (!(maxLength > 0)) throw new RangeError(`maxLength must be above 0, got ${maxLength}`);

  const words = transliterate(text).match(/[A-Za-z0-9]+/g) ?? [];
  const slug = words.join(separator);
  return shorten(lower ? slug.toLowerCase() : slug, separator, maxLength);
}

/** Cuts at a word's end, so that no word is left in half. */
function shorten(slug, separator, maxLength) {
  if (slug.length <= maxLength) return slug;
  const cut = slug.slice(0, maxLength);
  const end = cut.lastIndexOf(separator);
  return end > 0 ? cut.slice(0, end) : cut;
}
