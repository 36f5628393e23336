import { EntropyError } from '../../domain/error.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import type { ApiFailure } from './api-failure.ts';
import { permissionsFor } from './route-permissions.ts';

export interface FailedCall {
  readonly call: ApiCall;
  /** `octo/slug`. */
  readonly repository: string;
  readonly now: number;
}

/** What a person reads when GitHub did not do it: what was tried, what GitHub said, and what to change. */
export function apiError(failure: ApiFailure, failed: FailedCall): EntropyError {
  const tried = `cannot ${failed.call.purpose} in ${failed.repository}`;
  switch (failure.kind) {
    case 'limited':
      return rateLimit(failure, tried, failed.now);
    case 'unreachable':
      return new EntropyError({
        code: 'E205',
        message: `${tried}: ${failure.reason}`,
        fix: 'try again in some minutes; https://www.githubstatus.com tells of outages. Behind a proxy or on GitHub Enterprise Server, check GITHUB_API_URL',
        cause: failure.cause,
        retryable: true,
      });
    case 'refused':
      return refusal(failure.answer, `${tried}: GitHub answered ${failure.answer.status} "${failure.message}"`, failed);
    default:
      return failure satisfies never;
  }
}

function rateLimit(failure: ApiFailure & { kind: 'limited' }, tried: string, now: number): EntropyError {
  const until = new Date(now + failure.waitMs).toISOString().slice(0, 19);
  return new EntropyError({
    code: 'E203',
    message: `${tried}: the ${failure.limit} rate limit is used up until ${until}Z`,
    why:
      failure.limit === 'primary'
        ? 'a workflow token may send 1,000 requests an hour for each repository'
        : 'too many requests in a short time; GitHub slows the token down',
    fix: 'run it again after that time; if it happens often, use the token of a GitHub App, which has a limit of its own',
    retryable: true,
    retryAfterMs: failure.waitMs,
  });
}

function refusal(answer: ApiAnswer, message: string, failed: FailedCall): EntropyError {
  const { route } = failed.call;
  switch (answer.status) {
    case 401:
      return new EntropyError({
        code: 'E201',
        message,
        fix: 'check `github-token` (or GITHUB_TOKEN): it may be expired, revoked or cut off when it was pasted',
      });
    case 403:
      return forbidden(answer, message, failed);
    case 404:
    case 410:
      return new EntropyError({
        code: 'E202',
        message,
        why: 'GitHub says "not found" also for what the token may not see: the name may be wrong or changed, the repository private, or outside of the token\'s scope',
        fix: `check the name ${failed.repository} and the number or branch, and that the token was given access to this repository`,
      });
    case 409:
      if (/repository is empty/i.test(message)) {
        return new EntropyError({ code: 'E502', message, fix: 'push a first commit, for example a README' });
      }
      return plainRefusal(message, route);
    default:
      return plainRefusal(message, route);
  }
}

function plainRefusal(message: string, route: string): EntropyError {
  return new EntropyError({
    code: 'E200',
    message,
    fix: `read GitHub's answer; if it makes no sense, report it together with the request: ${route}`,
  });
}

function forbidden(answer: ApiAnswer, message: string, failed: FailedCall): EntropyError {
  if (/not permitted to create or approve pull requests/i.test(message)) {
    return new EntropyError({
      code: 'E204',
      message,
      why: 'the repository does not let workflows open pull requests',
      fix: 'Settings → Actions → General → Workflow permissions: tick "Allow GitHub Actions to create and approve pull requests", or use the token of a GitHub App',
    });
  }
  if (/archived/i.test(message)) {
    return new EntropyError({ code: 'E200', message, fix: 'unarchive the repository: it is read-only as it is' });
  }
  if (/issue is locked|conversation is locked|is locked/i.test(message)) {
    return new EntropyError({
      code: 'E200',
      message,
      fix: 'unlock the conversation, or use a token that may write here',
    });
  }
  if (answer.headers['x-github-sso'] !== undefined) {
    return new EntropyError({
      code: 'E204',
      message,
      why: 'the organisation wants the token to be authorised for single sign-on',
      fix: 'open https://github.com/settings/tokens, choose "Configure SSO" beside the token and authorise the organisation',
    });
  }
  if (failed.call.route.includes('/hooks')) {
    return new EntropyError({
      code: 'E204',
      message,
      why: 'only administrators of a repository may see and change its webhooks; a workflow token never may',
      fix: "use an administrator's token with the scope admin:repo_hook: gh auth refresh -s admin:repo_hook",
    });
  }
  const needs = permissionsFor(failed.call.route, answer.headers['x-accepted-github-permissions']);
  const missing = needs.map(({ name, level }) => `${name}: ${level}`);
  return new EntropyError({
    code: 'E204',
    message,
    why: `the token lacks ${missing.at(-1) ?? 'a permission'}`,
    fix: ['add to the job:', '    permissions:', ...missing.map((line) => `      ${line}`)].join('\n'),
  });
}
