import { EntropyError } from '../../domain/error.ts';

/**
 * Where a coordinator is: its address without a slash at the end, and its origin, which is the audience of GitHub's OIDC
 * tokens for it. Keys and tokens are shown to nobody in between: https, or this very machine.
 */
export interface CoordinatorAddress {
  readonly url: string;
  readonly audience: string;
}

export function parseCoordinatorUrl(text: string): CoordinatorAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw unusable(text, 'is not an https address');
  }
  if (url.username !== '' || url.password !== '') throw unusable(url.origin, 'holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw unusable(text, 'has a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw unusable(text, 'is not encrypted: http is for this machine only, a key would be readable on its way');
  }
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, audience: url.origin };
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function unusable(address: string, problem: string): EntropyError {
  return new EntropyError({
    code: 'E101',
    message: `the address of the coordinator, ${address}, ${problem}`,
    fix: 'give it as https://coordinator.example.com, with --coordinator, ENTROPY_COORDINATOR_URL or the input coordinator-url; the key goes into ENTROPY_COORDINATOR_KEY',
  });
}
