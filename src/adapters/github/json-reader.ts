import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Readers for GitHub's answers: a value of the right type, or an error that names what is missing. */
export function objectIn(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(what, 'an object', value);
  return value as JsonObject;
}

export function textIn(from: JsonObject, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw unreadable(key, 'text', value);
  return value;
}

/** Text, or empty where GitHub says null (an issue without a description). */
export function textOrNullIn(from: JsonObject, key: string): string {
  return from[key] === null || from[key] === undefined ? '' : textIn(from, key);
}

export function integerIn(from: JsonObject, key: string): number {
  const value = from[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unreadable(key, 'a whole number', value);
  return value;
}

/** What GraphQL writes as a text, for it may have 64 bits: an id of a comment has more than 32. */
export function bigIntegerIn(from: JsonObject, key: string): number {
  const value = from[key];
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw unreadable(key, 'a whole number', value);
  return number;
}

export function listIn(from: JsonObject, key: string): readonly unknown[] {
  const value = from[key];
  if (!Array.isArray(value)) throw unreadable(key, 'a list', value);
  return value;
}

function unreadable(what: string, wanted: string, found: unknown): EntropyError {
  const kind = found === null ? 'null' : Array.isArray(found) ? 'a list' : typeof found;
  return new EntropyError({
    code: 'E200',
    message: `GitHub's answer cannot be read: "${what}" is ${kind}, not ${wanted}`,
    fix: 'check that GITHUB_API_URL is the address of a GitHub API; if it is, report this',
  });
}

/** Undefined where there is none: for answers that may say no in place of it. */
export function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
