import { isRoleName } from './roles/role.ts';

export type RoleLabel =
  /** The label alone: like `fix`. */
  | { readonly kind: 'default' }
  /** What this role does first; whether there is such a role is known where the repository's files are. */
  | { readonly kind: 'role'; readonly role: string }
  /** No role can be called so. */
  | { readonly kind: 'unknown-role'; readonly name: string }
  | { readonly kind: 'other' };

/** `agent` asks for the default role, `agent:<role>` for that one; GitHub compares labels without case, and so do we. */
export function readRoleLabel(label: string, trigger: string): RoleLabel {
  const name = label.trim().toLowerCase();
  const wanted = trigger.trim().toLowerCase();
  if (name === wanted) return { kind: 'default' };
  if (!name.startsWith(`${wanted}:`)) return { kind: 'other' };
  const asked = name.slice(wanted.length + 1).trim();
  return isRoleName(asked) ? { kind: 'role', role: asked } : { kind: 'unknown-role', name: asked };
}
