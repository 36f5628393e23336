import type { CommandName } from './command.ts';
import { isAtLeast, type Permission } from './permission.ts';
import { readWhoEntry, type WhoMay } from './who-may.ts';

/** Who sent the event, as the event's own `sender` says; never the one who re-ran a job. */
export interface Actor {
  readonly login: string;
  readonly kind: 'user' | 'bot';
}

/** Who may give one command. */
export interface ActorPolicy {
  readonly command: CommandName;
  /** What the repository says of single commands; for one that it names it says all. */
  readonly who: WhoMay;
  /** Logins of people who may besides those with write access, where `who` says nothing. */
  readonly allowUsers: readonly string[];
  /** Bots by their exact names, `renovate[bot]`; no other bot may, whatever its permission. */
  readonly allowedBots: readonly string[];
}

export interface Team {
  readonly org: string;
  readonly slug: string;
}

export interface RefusedActor {
  readonly kind: 'refused';
  readonly permission: Permission;
  /** Any one of these would do, as the policy has them: `write`, `alice`, `octo/agents`. */
  readonly needed: readonly string[];
}

export type ActorDecision =
  | { readonly kind: 'allowed'; readonly because: 'permission' | 'listed' | 'named' }
  /** Allowed to whoever is in one of these teams, which only GitHub can tell; refused to everybody else. */
  | { readonly kind: 'members-of'; readonly teams: readonly Team[]; readonly otherwise: RefusedActor }
  /** A person: told once, on the issue. */
  | RefusedActor
  /** A bot is never answered: two bots that answer each other do not stop. */
  | { readonly kind: 'bot' };

/** The rule for a command that `who` does not name. */
const usualMinimum = 'write';

/** Approving is the second pair of eyes: neither a bot's, nor of somebody who is only let in to ask for work. */
const forPeopleOnly: readonly CommandName[] = ['approve'];

/** `permission` is what the API said for this very login; a bot's is not asked for. */
export function decideActor(actor: Actor, permission: Permission, policy: ActorPolicy): ActorDecision {
  const { command, who, allowUsers, allowedBots } = policy;
  const written = who[command];
  const entries = (written ?? [usualMinimum]).flatMap((text) => readWhoEntry(text) ?? []);
  const named = entries.some((entry) => entry.kind === 'login' && sameLogin(entry.login, actor.login));
  if (isBot(actor)) {
    const listed = allowedBots.some((name) => sameLogin(name, actor.login)) && (written === undefined || named);
    return listed && !forPeopleOnly.includes(command) ? { kind: 'allowed', because: 'listed' } : { kind: 'bot' };
  }
  const suffices = entries.some((entry) => entry.kind === 'permission' && isAtLeast(permission, entry.minimum));
  if (suffices) return { kind: 'allowed', because: 'permission' };
  // A login can be given up and taken by somebody else: who approves has a right of their own here as well.
  const namedWillDo = !forPeopleOnly.includes(command) || isAtLeast(permission, usualMinimum);
  if (named && namedWillDo) return { kind: 'allowed', because: 'named' };
  const usual = written === undefined && !forPeopleOnly.includes(command);
  const listed = usual && allowUsers.some((name) => sameLogin(name, actor.login));
  if (listed) return { kind: 'allowed', because: 'listed' };
  const refused = { kind: 'refused', permission, needed: written ?? [usualMinimum] } as const;
  const teams = entries.flatMap((entry) => (entry.kind === 'team' ? [{ org: entry.org, slug: entry.slug }] : []));
  return teams.length > 0 ? { kind: 'members-of', teams, otherwise: refused } : refused;
}

/** No person's login can hold a bracket, so the suffix alone is proof; the type covers apps on servers that drop it. */
export function isBot(actor: Actor): boolean {
  return actor.kind === 'bot' || actor.login.endsWith('[bot]');
}

/** Raising a limit that the repository has set takes somebody who could change the setting. */
export function mayExceedLimits(permission: Permission): boolean {
  return isAtLeast(permission, 'maintain');
}

function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
