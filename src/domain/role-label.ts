import { defaultRole } from './roles/role.ts';

export type RoleLabel =
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'unknown-role'; readonly name: string }
  | { readonly kind: 'other' };

/** `agent` asks for the default role, `agent:<role>` for that one; GitHub compares labels without case, and so do we. */
export function readRoleLabel(label: string, trigger: string): RoleLabel {
  const name = label.trim().toLowerCase();
  const wanted = trigger.trim().toLowerCase();
  if (name === wanted) return { kind: 'role', role: defaultRole };
  if (!name.startsWith(`${wanted}:`)) return { kind: 'other' };
  const asked = name.slice(wanted.length + 1).trim();
  return asked === defaultRole ? { kind: 'role', role: asked } : { kind: 'unknown-role', name: asked };
}
