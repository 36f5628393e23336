import { EntropyError } from '../../domain/error.ts';
import { fullName } from '../../domain/repository.ts';
import type { GitHubApi } from './api.ts';
import { type JsonObject, memberOf, objectIn } from './json-reader.ts';
import type { PermissionNeed } from './route-permissions.ts';

export interface GraphqlCall {
  /** A constant of ours: what others wrote goes into the variables. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** After "cannot". */
  readonly purpose: string;
  /** What GitHub wants for it, which it does not say when it refuses. */
  readonly needs: readonly PermissionNeed[];
}

/**
 * What GraphQL answers, under `data`. It says no with status 200: `FORBIDDEN` is E204 with the permissions to add, `NOT_FOUND`
 * E202, anything else E200. A rate limit is waited for by nobody here: E203.
 */
export async function askGraphql(
  api: GitHubApi,
  { query, variables, purpose, needs }: GraphqlCall,
): Promise<JsonObject> {
  const { data } = await api.send({ route: 'POST /graphql', params: { query, variables }, purpose });
  const errors = memberOf(data, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (first === undefined) return objectIn(memberOf(data, 'data'), 'data');
  const type = memberOf(first, 'type');
  const words = String(memberOf(first, 'message')).replace(/\s+/g, ' ').slice(0, 300);
  const message = `cannot ${purpose} in ${fullName(api.repository)}: GitHub answered "${words}"`;
  if (type === 'FORBIDDEN' || /not accessible by/i.test(words)) throw lacking(message, needs);
  if (type === 'NOT_FOUND') {
    const fix = 'check the number, and that the token was given access to this repository';
    throw new EntropyError({ code: 'E202', message, fix });
  }
  if (type === 'RATE_LIMITED') {
    const fix = 'run it again in an hour, or use the token of a GitHub App, which has a limit of its own';
    throw new EntropyError({ code: 'E203', message, fix, retryable: true });
  }
  throw new EntropyError({ code: 'E200', message, fix: "read GitHub's answer; if it makes no sense, report it" });
}

function lacking(message: string, needs: readonly PermissionNeed[]): EntropyError {
  const missing = needs.map(({ name, level }) => `${name}: ${level}`);
  return new EntropyError({
    code: 'E204',
    message,
    why: `the token lacks one of ${missing.join(', ')}`,
    fix: ['add to the job:', '    permissions:', ...missing.map((line) => `      ${line}`)].join('\n'),
  });
}
