import type { Endpoint } from './endpoint.ts';

/**
 * The path of a request as our addresses are read: one encoded segment for each parameter. A gateway in front may have decoded
 * it, so that a key's slashes look like those between segments (`/v1/claims/github/octo/slug/issues/1`): they are put back
 * together where only one address of this method can be meant. Keys hold no `%`, so decoding twice changes nothing.
 */
export function wholePath(endpoints: readonly Endpoint[], method: string, path: string): string {
  const segments = path.split('/').map(decoded);
  const fitting = endpoints.filter((endpoint) => endpoint.method === method);
  const fixed = (endpoint: Endpoint): number => endpoint.path.split('/').filter((part) => !part.startsWith('{')).length;
  const found = fitting
    .map((endpoint) => ({ endpoint, parts: fold(endpoint.path.split('/'), segments) }))
    .filter((candidate) => candidate.parts !== undefined)
    // As written out as can be: `/v1/claims/acquire` is no claim.
    .sort((one, other) => fixed(other.endpoint) - fixed(one.endpoint) || length(one) - length(other))[0];
  return (found?.parts ?? segments).map(encodeURIComponent).join('/');
}

function length({ endpoint }: { readonly endpoint: Endpoint }): number {
  return endpoint.path.split('/').length;
}

/** The segments of the pattern, of which the first parameter took what is left over; undefined: it does not fit. */
function fold(pattern: readonly string[], segments: readonly string[]): readonly string[] | undefined {
  const surplus = segments.length - pattern.length;
  const at = pattern.findIndex((part) => part.startsWith('{'));
  if (surplus < 0 || (surplus > 0 && at === -1)) return undefined;
  const folded =
    at === -1
      ? segments
      : [...segments.slice(0, at), segments.slice(at, at + surplus + 1).join('/'), ...segments.slice(at + surplus + 1)];
  const fits = pattern.every((part, index) => (part.startsWith('{') ? folded[index] !== '' : part === folded[index]));
  return fits ? folded : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No encoding of anything: it is taken as it is, and meets no address.
    return segment;
  }
}
