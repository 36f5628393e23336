import { sameData } from '../coordination/same-data.ts';
import { isObject } from '../json-shape.ts';

/** Whose data goes, and what stands in its place. */
export interface Erasure {
  /** As GitHub has it; capitals make no difference. */
  readonly login: string;
  /** `erased-0123456789abcdef`: the same for all of one person's data, so that what was done by one hand still is. */
  readonly pseudonym: string;
}

/** What stands for a title that was a person's own. */
export const erasedText = '[erased]';

/** Members that name a person by login, wherever they are; a list of names as well. */
const names = new Set(['author', 'assignees', 'by', 'createdBy', 'actor', 'owner', 'login', 'askedBy']);
/** Whose login is the name of a place: repositories stay where they are. */
const places = new Set(['repository', 'organization']);

/**
 * Plain data without the person: names become the pseudonym, texts of their own issues are taken out, and mentions in other
 * texts (`@login`, `github/login`, a link to the profile) name the pseudonym. It changes each text by itself, so taking a
 * person out of all events and replaying them gives the same as taking them out of what is stored.
 */
export function erasedData(data: unknown, erasure: Erasure): unknown {
  const mention = mentionOf(erasure.login);
  const text = (value: string): string => value.replace(mention, `$1${erasure.pseudonym}`);
  const isPerson = (value: unknown): boolean =>
    typeof value === 'string' && value.toLowerCase() === erasure.login.toLowerCase();

  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return names.has(name) && isPerson(value) ? erasure.pseudonym : text(value);
    if (Array.isArray(value)) return value.map((entry) => walk(entry, name));
    if (!isObject(value)) return value;
    const own = isPerson(authorOf(value)) ? withoutTexts(value) : value;
    return Object.fromEntries(
      Object.entries(own).map(([member, inner]) => [
        member,
        places.has(member) && isObject(inner) ? inner : walk(inner, member),
      ]),
    );
  };
  return walk(data, '');
}

/** Whether anything of the person is in it. */
export function concerns(data: unknown, login: string): boolean {
  return !sameData(data, erasedData(data, { login, pseudonym: 'erased-nobody' }));
}

/** Of an issue as it is mirrored, or as GitHub sends it. */
function authorOf({ author, user }: Readonly<Record<string, unknown>>): unknown {
  return author ?? (isObject(user) ? user['login'] : undefined);
}

function withoutTexts(issue: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...issue,
    ...(typeof issue['title'] === 'string' && { title: erasedText }),
    ...(typeof issue['body'] === 'string' && { body: '' }),
  };
}

function mentionOf(login: string): RegExp {
  // A login holds letters, digits and hyphens; those of bots end in `[bot]`.
  const exact = login.replace(/[[\]]/g, '\\$&');
  return new RegExp(`(?<![\\w/.-])(@|github/|(?:https?://)?github\\.com/)${exact}(?![\\w/-])`, 'gi');
}

/** What GitHub gives as names of people and bots. */
export function isLogin(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,98})(?:\[bot\])?$/.test(text);
}
