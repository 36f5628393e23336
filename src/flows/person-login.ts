import { EntropyError } from '../domain/error.ts';
import { isLogin } from '../domain/person/erased-data.ts';

/** Whoever is to be found must be named as GitHub names people: part of a name would find others. */
export function assertLogin(login: string): void {
  if (isLogin(login)) return;
  throw new EntropyError({
    code: 'E100',
    message: `"${login.slice(0, 80)}" is no login of GitHub`,
    fix: 'give the login without @, for example octocat',
  });
}
