import { EntropyError } from '../../domain/error.ts';

/** Whose token this is, by GitHub's word. E201 when it is nobody's (a workflow's token, a revoked one). */
export async function currentLogin(request: {
  readonly token: string;
  readonly apiUrl: string;
  readonly signal: AbortSignal;
}): Promise<string> {
  const { token, apiUrl, signal } = request;
  const response = await fetch(`${apiUrl}/user`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'entropy-playground',
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new EntropyError({
      code: 'E205',
      message: `${apiUrl} could not be reached`,
      fix: 'check the network, a proxy, or GITHUB_API_URL',
      cause,
      retryable: true,
    });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const login = typeof answer === 'object' && answer !== null && 'login' in answer ? answer.login : undefined;
  if (response.ok && typeof login === 'string') return login;
  throw new EntropyError({
    code: 'E201',
    message: `GitHub does not say whose token this is: ${response.status} from ${apiUrl}/user`,
    fix: 'use a personal token: export GITHUB_TOKEN="$(gh auth token)"',
  });
}
