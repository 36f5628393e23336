import { isRoleName, type RoleDefinition } from '../domain/roles/role.ts';
import { shippedRole, shippedRoles } from '../domain/roles/shipped-roles.ts';
import type { Forge } from '../ports/forge.ts';
import { parseRoleFile } from './parse-role-file.ts';

/** Where a repository keeps its own roles, on its default branch. */
export const rolesFolder = '.github/agents';
const suffix = '.md';

export function rolePath(name: string): string {
  return `${rolesFolder}/${name}${suffix}`;
}

export type ResolvedRole =
  | { readonly kind: 'role'; readonly role: RoleDefinition }
  /** `known`: what could have been meant, in order of the alphabet. `other`: there is such a file, and it is an agent of Copilot's. */
  | { readonly kind: 'not-found'; readonly known: readonly string[]; readonly other?: string };

type RoleForge = Pick<Forge, 'file' | 'filesIn'>;

export interface RoleQuery {
  /** As somebody typed it: what is no name of a role is not found. */
  readonly name: string;
  /** A commit of the default branch; roles are read from nowhere else. */
  readonly sha: string;
}

/**
 * The role of this name: the repository's file, else the shipped one. A file that cannot be used is E101: who has narrowed a
 * role is not given the wide one instead. Custom agents of GitHub Copilot, which lie in the same folder, are passed over.
 */
export async function resolveRole(forge: RoleForge, { name, sha }: RoleQuery): Promise<ResolvedRole> {
  if (!isRoleName(name)) return { kind: 'not-found', known: await roleNames(forge, sha) };
  const path = rolePath(name);
  const bytes = await forge.file(path, sha);
  const own = bytes === undefined ? undefined : await parseRoleFile({ name, path, bytes });
  if (own !== undefined) return { kind: 'role', role: own };
  const shipped = shippedRole(name);
  if (shipped !== undefined) return { kind: 'role', role: shipped };
  const known = await roleNames(forge, sha);
  if (bytes === undefined) return { kind: 'not-found', known };
  return { kind: 'not-found', known: known.filter((one) => one !== name), other: path };
}

/** Names of all roles that there are: the shipped ones and those of the repository. Files are not opened. */
export async function roleNames(forge: Pick<Forge, 'filesIn'>, sha: string): Promise<readonly string[]> {
  const files = await forge.filesIn(rolesFolder, sha);
  const own = files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .filter(isRoleName);
  return [...new Set([...shippedRoles.map(({ name }) => name), ...own])].sort();
}
