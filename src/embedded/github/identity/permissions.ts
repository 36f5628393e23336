/** What a workflow's `permissions:` block and an App's settings can name, as far as routes here ask for it. */
const permissionNames = [
  'actions',
  'checks',
  'contents',
  'issues',
  'members',
  'metadata',
  'pull_requests',
  'statuses',
  'administration',
  'repository_hooks',
] as const;
export type PermissionName = (typeof permissionNames)[number];
export type PermissionLevel = 'read' | 'write';
export type Permissions = Readonly<Partial<Record<PermissionName, PermissionLevel>>>;

/** Takes the spelling of workflow files (`pull-requests: write`, `none`) and of the API (`pull_requests`). */
export function readPermissions(given: Readonly<Record<string, string>>): Permissions {
  const result: Partial<Record<PermissionName, PermissionLevel>> = { metadata: 'read' };
  for (const [name, level] of Object.entries(given)) {
    const known = permissionNames.find((each) => each === name.replaceAll('-', '_'));
    if (known !== undefined && (level === 'read' || level === 'write')) result[known] = level;
  }
  return result;
}

export function allows(permissions: Permissions, name: PermissionName, level: PermissionLevel): boolean {
  const granted = permissions[name];
  return granted === 'write' || granted === level;
}
