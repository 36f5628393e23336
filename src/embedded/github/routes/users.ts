import { notFound } from '../http/problem.ts';
import { globalRoute, ok, param, type Route } from '../http/route.ts';
import { accountOf, anyone, notAccessible, signedIn } from '../identity/access.ts';
import { renderPublicUser } from '../render/user.ts';
import { resolveLimit } from './rate-limit.ts';

export const userRoutes: readonly Route[] = [
  globalRoute('GET /user', signedIn, (call) => {
    // Tokens of jobs and Apps stand for no person.
    if (call.actor.kind === 'installation') throw notAccessible([{ permission: 'metadata', level: 'read' }]);
    return ok(renderPublicUser(call.world, accountOf(call.actor)));
  }),
  globalRoute('GET /users/{username}', anyone, (call) => {
    const account = call.world.store.accounts.find(param(call, 'username'));
    if (account === undefined) throw notFound();
    return ok(renderPublicUser(call.world, account));
  }),
  globalRoute('GET /rate_limit', anyone, resolveLimit),
];
