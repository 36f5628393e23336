import { accessRoles } from './api-key.ts';
import type { Caller } from './caller.ts';

/** Who may call an endpoint at all; which repositories is decided by the keys that it is about. */
export interface EndpointAccess {
  /** `nobody`: no key is enough, only a workflow run may. */
  readonly role: 'anybody' | 'viewer' | 'operator' | 'admin' | 'nobody';
  /** Workflow runs with GitHub's OIDC token. */
  readonly runners: 'own-repository' | 'refused';
}

export type AccessDecision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly needs: string; readonly has: string };

export function decideAccess(caller: Caller, access: EndpointAccess): AccessDecision {
  if (access.role === 'anybody') return { kind: 'allowed' };
  if (caller.kind === 'runner') {
    const allowed = access.runners === 'own-repository';
    return allowed ? { kind: 'allowed' } : { kind: 'refused', needs: access.role, has: 'runner' };
  }
  if (access.role === 'nobody') return { kind: 'refused', needs: 'runner', has: caller.role };
  const enough = accessRoles.indexOf(caller.role) >= accessRoles.indexOf(access.role);
  return enough ? { kind: 'allowed' } : { kind: 'refused', needs: access.role, has: caller.role };
}
