import type { ApiKey } from '../../domain/access/api-key.ts';
import { type Caller, callerName, repositoriesOf } from '../../domain/access/caller.ts';
import { createKey, listKeys, revokeKey, rotateKey } from '../../wire/endpoints/keys.ts';
import { newSecret } from '../access/api-key-secret.ts';
import type { AppParts } from '../app-options.ts';
import { forbidden } from '../problems.ts';
import { answer, missing, type Route, refusal, route, touchesNothing } from '../route.ts';

/** An old secret counts this long after a rotation when nothing else is asked for: a day to change it everywhere. */
const defaultOverlapMs = 24 * 60 * 60_000;

export function keyRoutes({ access, clock }: AppParts): readonly Route[] {
  const { keys } = access;
  return [
    route(createKey, touchesNothing, async ({ body, caller }) => {
      if (isLimited({ caller })) return limitedAdmin;
      const { name, role, repositories, expiresInMs } = body;
      const { id, token, hash } = newSecret();
      const now = clock.now();
      const key: ApiKey = {
        id,
        name,
        role,
        ...(repositories && { repositories }),
        createdAt: now,
        createdBy: callerName(caller),
        ...(expiresInMs !== undefined && { expiresAt: now + expiresInMs }),
      };
      const added = await keys.add({ key, hash });
      return added === 'added' ? answer({ key, secret: token }) : refusal({ kind: 'exists' as const, name });
    }),
    route(listKeys, touchesNothing, async (asked) => {
      if (isLimited(asked)) return limitedAdmin;
      return answer({ keys: await keys.list() });
    }),
    route(revokeKey, touchesNothing, async (asked) => {
      if (isLimited(asked)) return limitedAdmin;
      const key = await keys.revoke(asked.params.id, clock.now());
      return key === undefined ? missing : answer({ key });
    }),
    route(rotateKey, touchesNothing, async (asked) => {
      if (isLimited(asked)) return limitedAdmin;
      const { token, hash } = newSecret(asked.params.id);
      const now = clock.now();
      const overlapMs = asked.body.overlapMs ?? defaultOverlapMs;
      const key = await keys.rotate(asked.params.id, { hash, at: now, oldSecretUntil: now + overlapMs });
      if (key !== undefined) return answer({ key, secret: token });
      const there = await keys.find(asked.params.id);
      return there === undefined ? missing : refusal({ kind: 'revoked' as const, key: there.key });
    }),
  ];
}

/** Whoever is limited to repositories could otherwise make itself a key that is not. */
function isLimited({ caller }: { readonly caller: Caller }): boolean {
  return repositoriesOf(caller) !== undefined;
}

const limitedAdmin = {
  kind: 'problem',
  problem: forbidden(
    'this admin key is limited to some repositories, and keys are above them',
    'use an admin key without a limit',
  ),
} as const;
