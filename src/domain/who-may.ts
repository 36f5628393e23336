import { type CommandName, commandNames } from './command.ts';
import { type Permission, permissions } from './permission.ts';

/**
 * One entry of who may give a command: a permission that suffices (`write`), a login (`alice`, `renovate[bot]`), or a team
 * (`octo/agents`). A leading `@` may be written and means nothing.
 */
export type WhoEntry =
  | { readonly kind: 'permission'; readonly minimum: Permission }
  | { readonly kind: 'login'; readonly login: string }
  | { readonly kind: 'team'; readonly org: string; readonly slug: string };

/** Who may give each command, as people wrote it; a command that is not named keeps the rule of all: `write`, and `allow-users`. */
export type WhoMay = Readonly<Partial<Record<CommandName, readonly string[]>>>;

const login = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\[bot\])?$/;
const team = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/;

/** Undefined for what is neither; the words of permissions are never logins here. */
export function readWhoEntry(text: string): WhoEntry | undefined {
  const word = text.trim().replace(/^@/, '');
  const minimum = permissions.find((permission) => permission === word.toLowerCase());
  if (minimum !== undefined) return minimum === 'none' ? undefined : { kind: 'permission', minimum };
  if (login.test(word)) return { kind: 'login', login: word };
  const match = team.exec(word);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { kind: 'team', org: match[1], slug: match[2] };
}

export function isCommandName(name: string): name is CommandName {
  return commandNames.some((known) => known === name);
}
