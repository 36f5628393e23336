/** What GitHub says a person may do in a repository, weakest first. */
export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;

export type Permission = (typeof permissions)[number];

export function isAtLeast(permission: Permission, minimum: Permission): boolean {
  return permissions.indexOf(permission) >= permissions.indexOf(minimum);
}
