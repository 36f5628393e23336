import type { ClaimKey } from '../claim.ts';
import type { BudgetKey } from '../coordination/budget-record.ts';
import type { AccessRole } from './api-key.ts';

/** Who calls the coordinator, after the credential was checked. */
export type Caller = KeyCaller | RunnerCaller;

/** A person or program with an API key. */
export interface KeyCaller {
  readonly kind: 'key';
  readonly keyId: string;
  readonly name: string;
  readonly role: AccessRole;
  /** `octo/slug` in lower case; absent: all. */
  readonly repositories?: readonly string[];
}

/** A job of GitHub Actions, by its OIDC token. */
export interface RunnerCaller {
  readonly kind: 'runner';
  /** `octo/slug` in lower case. */
  readonly repository: string;
  readonly repositoryId: string;
  /** Login of whoever started the workflow. */
  readonly actor: string;
  readonly workflowRunId: string;
  readonly workflowRunAttempt: number;
  readonly workflowRef: string;
  /** In lower case: a job of the central runner repository may act for every repository of these owners. */
  readonly owners?: readonly string[];
}

/** As rate limits, Idempotency-Keys and the access log tell callers apart. */
export function callerId(caller: Caller): string {
  return caller.kind === 'key' ? `key/${caller.keyId}` : `runner/${caller.repository}`;
}

/** As the activity stream names the caller itself. */
export function callerName(caller: Caller): string {
  return caller.kind === 'key' ? `key/${caller.name}` : `github/${caller.actor}`;
}

/**
 * Who is recorded for a change. A caller may speak for its agent (`coder/01JD…`), but not in a name that only the
 * coordinator gives: then its own counts.
 */
export function recordedActor(caller: Caller, asked: string | undefined): string {
  return asked === undefined || isReservedName(asked) ? callerName(caller) : asked;
}

/** However it is written: a reader of the stream does not look at capitals. */
export function isReservedName(name: string): boolean {
  return /^(?:(?:key|github|runner|webhook)\/|(?:system|sweeper)$)/i.test(name);
}

/** Whether the stream may tell what a caller does under this name: that of an agent, or the caller's own. */
export function maySpeakAs(caller: Caller, name: string): boolean {
  return name === callerName(caller) || !isReservedName(name);
}

/** Which repositories a caller may see in lists; undefined: all. */
export function repositoriesOf(caller: Caller): readonly string[] | undefined {
  return caller.kind === 'runner' ? [caller.repository] : caller.repositories;
}

/** Named locks outside of `github/…` belong to no repository: only callers without a limit have them. */
export function mayTouchKey(caller: Caller, key: ClaimKey): boolean {
  const repositories = repositoriesOf(caller);
  const own = repositories === undefined || repositories.some((repository) => key.startsWith(keysOf(repository)));
  return own || ownersOf(caller).some((owner) => key.startsWith(keysOf(owner)));
}

/** Whose runs a caller may act for besides those of its repositories, when it knows their names. */
function ownersOf(caller: Caller): readonly string[] {
  return caller.kind === 'runner' ? (caller.owners ?? []) : [];
}

/** Of a repository, or of everything that an owner has. */
export function keysOf(repository: string): string {
  return `github/${repository}/`;
}

/** Books of the repository, of its issues, and of the organisation above it. */
export function mayTouchBudget(caller: Caller, key: BudgetKey): boolean {
  const repositories = repositoriesOf(caller);
  const own = repositories === undefined || repositories.some((repository) => isBudgetOf(repository, key));
  return own || ownersOf(caller).some((owner) => isBudgetOfOwner(owner, key));
}

function isBudgetOfOwner(owner: string, key: BudgetKey): boolean {
  const below = ['issue', 'repository'].some((scope) => key.startsWith(`${scope}/${owner}/`));
  return below || key === `organisation/${owner}` || key.startsWith(`organisation/${owner}/`);
}

function isBudgetOf(repository: string, key: BudgetKey): boolean {
  const [organisation = ''] = repository.split('/');
  const scopes = [`repository/${repository}`, `organisation/${organisation}`];
  return key.startsWith(`issue/${repository}/`) || scopes.some((scope) => key === scope || key.startsWith(`${scope}/`));
}

export type Prefix =
  | { readonly kind: 'prefix'; readonly prefix?: string }
  /** More than may be seen was asked for; `choices` are the prefixes that may. */
  | { readonly kind: 'refused'; readonly choices: readonly string[] };

/** The beginning of keys that a list is limited to: what was asked for, within what the caller may see. */
export function prefixWithin(caller: Caller, asked: string | undefined): Prefix {
  const repositories = repositoriesOf(caller);
  if (repositories === undefined) return { kind: 'prefix', ...(asked !== undefined && { prefix: asked }) };
  const choices = repositories.map(keysOf);
  const [only] = choices;
  if (asked === undefined || asked === '') {
    return choices.length === 1 && only !== undefined ? { kind: 'prefix', prefix: only } : { kind: 'refused', choices };
  }
  const isWithin = choices.some((choice) => asked.startsWith(choice));
  return isWithin ? { kind: 'prefix', prefix: asked } : { kind: 'refused', choices };
}
