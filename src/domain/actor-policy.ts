import { isAtLeast, type Permission } from './permission.ts';

/** Who sent the event, as the event's own `sender` says; never the one who re-ran a job. */
export interface Actor {
  readonly login: string;
  readonly kind: 'user' | 'bot';
}

/** Who may start agents. */
export interface ActorPolicy {
  /** People with this permission or more may. */
  readonly minimum: Permission;
  /** Logins of people who may besides them. */
  readonly allowUsers: readonly string[];
  /** Bots by their exact names, `renovate[bot]`; no other bot may, whatever its permission. */
  readonly allowedBots: readonly string[];
}

export type ActorDecision =
  | { readonly kind: 'allowed'; readonly because: 'permission' | 'listed' }
  /** A person: told once, on the issue. */
  | { readonly kind: 'refused'; readonly permission: Permission; readonly needed: Permission }
  /** A bot is never answered: two bots that answer each other do not stop. */
  | { readonly kind: 'bot' };

/** `permission` is what the API said for this very login; a bot's is not asked for. */
export function decideActor(actor: Actor, permission: Permission, policy: ActorPolicy): ActorDecision {
  if (isBot(actor)) {
    const listed = policy.allowedBots.some((name) => sameLogin(name, actor.login));
    return listed ? { kind: 'allowed', because: 'listed' } : { kind: 'bot' };
  }
  if (isAtLeast(permission, policy.minimum)) return { kind: 'allowed', because: 'permission' };
  const listed = policy.allowUsers.some((name) => sameLogin(name, actor.login));
  if (listed) return { kind: 'allowed', because: 'listed' };
  return { kind: 'refused', permission, needed: policy.minimum };
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
