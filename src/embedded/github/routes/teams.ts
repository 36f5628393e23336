import { notFound } from '../http/problem.ts';
import { globalRoute, ok, param, type Route } from '../http/route.ts';
import { notAccessible, signedIn } from '../identity/access.ts';
import { allows } from '../identity/permissions.ts';

export const teamRoutes: readonly Route[] = [
  globalRoute('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', signedIn, (call) => {
    const { actor } = call;
    // No workflow can give its jobs this permission: only an App's installation has it.
    const told =
      actor.kind === 'user' || (actor.kind === 'installation' && allows(actor.permissions, 'members', 'read'));
    if (!told) throw notAccessible([{ permission: 'members', level: 'read' }]);
    const [org, slug, login] = [param(call, 'org'), param(call, 'team_slug'), param(call, 'username')];
    if (!call.world.store.teams.has(org, slug, login)) throw notFound();
    const url = `${call.world.apiUrl}/orgs/${org}/teams/${slug}/memberships/${login}`;
    return ok({ url, role: 'member', state: 'active' });
  }),
];
