import { type Role, roles } from './agent-identity.ts';

export type RoleLabel =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'unknown-role'; readonly name: string }
  | { readonly kind: 'other' };

/** `agent` asks for the default role, `agent:<role>` for that one; GitHub compares labels without case, and so do we. */
export function readRoleLabel(label: string, trigger: string): RoleLabel {
  const name = label.trim().toLowerCase();
  const wanted = trigger.trim().toLowerCase();
  if (name === wanted) return { kind: 'role', role: roles[0] };
  if (!name.startsWith(`${wanted}:`)) return { kind: 'other' };
  const asked = name.slice(wanted.length + 1).trim();
  const role = roles.find((known) => known === asked);
  return role === undefined ? { kind: 'unknown-role', name: asked } : { kind: 'role', role };
}
