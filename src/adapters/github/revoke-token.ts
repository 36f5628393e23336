import { describeError } from '../../domain/error.ts';

const deadlineMs = 10_000;

/** Makes an App's token worthless at once. It ends by itself within the hour, so a failure is told and not thrown. */
export async function revokeToken(request: {
  readonly token: string;
  readonly apiUrl: string;
}): Promise<{ readonly kind: 'revoked' } | { readonly kind: 'failed'; readonly why: string }> {
  const { token, apiUrl } = request;
  try {
    const response = await fetch(`${apiUrl}/installation/token`, {
      method: 'DELETE',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'user-agent': 'entropy-playground',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    await response.body?.cancel();
    // 401: it was no longer good.
    const gone = response.status === 204 || response.status === 401;
    return gone ? { kind: 'revoked' } : { kind: 'failed', why: `GitHub answered ${response.status}` };
  } catch (error) {
    return { kind: 'failed', why: describeError(error) };
  }
}
