import { EntropyError } from './error.ts';

export const objectRules = {
  keyCharacters: 512,
  /** A file's name must hold one. */
  partCharacters: 200,
  /** One more is the store's own. */
  tags: 9,
  /** Names and values of the metadata together. */
  metadataBytes: 2_000,
} as const;

interface Put {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Why no object can have this key, in words; undefined when one can. The same for every store, so that one may replace another. */
export function objectKeyProblem(key: string): string | undefined {
  if (key.length > objectRules.keyCharacters)
    return `has ${key.length} characters, more than ${objectRules.keyCharacters}`;
  for (const part of key.split('/')) {
    if (part === '') return 'has an empty part';
    if (part === '.' || part === '..') return `has the part "${part}"`;
    if (part.length > objectRules.partCharacters) return `has a part of ${part.length} characters`;
    if (!/^[A-Za-z0-9._=-]+$/.test(part))
      return 'has other characters than letters, digits, ".", "_", "=", "-" and "/"';
  }
  return undefined;
}

/** Throws E100 when the key is none. */
export function assertObjectKey(key: string): void {
  const problem = objectKeyProblem(key);
  if (problem !== undefined) throw refused(key, `its key ${problem}`);
}

/** Throws E100 when the key or what goes with the object is more than every store takes. */
export function assertPutable(key: string, { contentType, metadata = {}, tags = {} }: Put): void {
  assertObjectKey(key);
  if (!/^[!-~ ]{1,200}$/.test(contentType)) throw refused(key, 'its content type is none');
  const entries = Object.entries(metadata);
  const odd = entries.find(
    ([name, value]) => !/^[a-z0-9][a-z0-9-]{0,100}$/.test(name) || !/^[!-~]([ -~]*[!-~])?$/.test(value),
  );
  if (odd !== undefined)
    throw refused(key, `the metadata "${odd[0].slice(0, 40)}" is not plain text under a plain name`);
  if (entries.flat().join('').length > objectRules.metadataBytes) {
    throw refused(key, `its metadata takes more than ${objectRules.metadataBytes} bytes`);
  }
  assertTags(key, tags);
}

export function assertTags(key: string, tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > objectRules.tags) throw refused(key, `it has more than ${objectRules.tags} tags`);
  const isPlain = (text: string, length: number): boolean =>
    text.length <= length && /^[A-Za-z0-9 +=._:/@-]*$/.test(text);
  const odd = entries.find(([name, value]) => name === '' || !isPlain(name, 128) || !isPlain(value, 256));
  if (odd !== undefined) throw refused(key, `the tag "${odd[0].slice(0, 40)}" is not plain text under a plain name`);
}

function refused(key: string, problem: string): EntropyError {
  return new EntropyError({
    code: 'E100',
    message: `the object ${JSON.stringify(key.slice(0, 200))} cannot be stored: ${problem}`,
    fix: 'use parts of letters, digits, ".", "_", "=" and "-" with slashes between, and short plain texts beside it',
  });
}

/** What was read is not what was stored. */
export function damagedObject(key: string, version: string, what: string): EntropyError {
  return new EntropyError({
    code: 'E750',
    message: `the version ${version} of ${key} is damaged: ${what}`,
    fix: 'take another version or a backup; the bytes that were read are not those that were stored',
  });
}
