import type { PermissionsText } from '../definition/workflow-definition.ts';
import { refusal } from '../refusal.ts';

export type PermissionLevel = 'read' | 'write';
/** What a token may do, by scope; a scope that is not there is `none`. `metadata: read` goes without saying. */
export type Permissions = Readonly<Record<string, PermissionLevel>>;

/** Every scope of a token, with the most that it can be given (docs: "Workflow syntax", `permissions`). */
const scopes: Readonly<Record<string, PermissionLevel>> = {
  actions: 'write',
  'artifact-metadata': 'write',
  attestations: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  discussions: 'write',
  'id-token': 'write',
  issues: 'write',
  models: 'read',
  packages: 'write',
  pages: 'write',
  'pull-requests': 'write',
  'repository-projects': 'write',
  'security-events': 'write',
  statuses: 'write',
  'vulnerability-alerts': 'read',
};

/** What a workflow that says nothing gets, by the repository's setting. */
export function defaultPermissions(setting: 'read' | 'write'): Permissions {
  if (setting === 'read') return { contents: 'read', packages: 'read' };
  return Object.fromEntries(Object.entries(scopes).filter(([scope]) => scope !== 'id-token'));
}

/** As soon as one scope is named, all that are not named are `none`. */
function readPermissionsText(text: PermissionsText): Permissions {
  if (text === 'write-all') return scopes;
  // There is no such thing as reading an ID token, so `read-all` leaves it out.
  if (text === 'read-all') return readAll();
  const granted = Object.entries(text).flatMap(([scope, level]): [string, PermissionLevel][] =>
    level === 'read' || level === 'write' ? [[scope, level]] : [],
  );
  return Object.fromEntries(granted);
}

function readAll(): Permissions {
  return Object.fromEntries(
    Object.keys(scopes)
      .filter((scope) => scope !== 'id-token')
      .map((scope) => [scope, 'read' as const]),
  );
}

export interface PermissionRequest {
  readonly job: string;
  readonly workflow: PermissionsText | undefined;
  readonly own: PermissionsText | undefined;
  /** What the calling job has; undefined for a workflow that was started by an event. */
  readonly caller: Permissions | undefined;
  readonly fallback: Permissions;
}

/**
 * What a job's token may do: the job's own word, else its workflow's, else the caller's or the repository's default.
 * A called workflow that asks for more than its caller has is refused, as GitHub refuses the file: nothing is lowered
 * in silence, so a wrapper with too few permissions is found here and not by its first user.
 */
export function effectivePermissions(request: PermissionRequest): Permissions {
  refuseExcess(request, request.workflow, `The workflow of '${request.job}'`);
  refuseExcess(request, request.own, `The nested job '${request.job}'`);
  const text = request.own ?? request.workflow;
  return text === undefined ? (request.caller ?? request.fallback) : readPermissionsText(text);
}

function refuseExcess(request: PermissionRequest, text: PermissionsText | undefined, who: string): void {
  const { caller } = request;
  if (caller === undefined || text === undefined) return;
  const excess = Object.entries(readPermissionsText(text)).filter(([scope, level]) => {
    const allowed = caller[scope];
    return allowed !== level && allowed !== 'write';
  });
  if (excess.length === 0) return;
  const asked = excess.map(([scope, level]) => `${scope}: ${level}`).join(', ');
  const allowed = excess.map(([scope]) => `${scope}: ${caller[scope] ?? 'none'}`).join(', ');
  const yaml = excess.map(([scope, level]) => `    ${scope}: ${level}`).join('\n');
  throw refusal(
    `${who} is requesting '${asked}', but is only allowed '${allowed}'`,
    `GitHub refuses this too. Give the calling job:\n  permissions:\n${yaml}`,
  );
}
