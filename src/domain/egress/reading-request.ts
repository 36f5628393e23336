/** A request as it came through the tunnel to an allowed host. */
export interface TunnelledRequest {
  readonly method: string;
  /** With its query: `/left-pad/-/left-pad-1.3.0.tgz`. */
  readonly path: string;
  /** By name in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export type JudgedRequest =
  | {
      readonly kind: 'reads';
      /** All that is sent on: what says which bytes are wanted, nothing that says who wants them. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: 'none' | 'sent-on';
    }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Everything else stays here, credentials of every vendor among it. An allowed host is one to read from: with the token of
 * whoever wrote the issue it would be one to write to, and what was written is theirs to fetch.
 */
const passedOn: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'cache-control',
  'git-protocol',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'pragma',
  'range',
  'user-agent',
]);
const passedOnWithBody: ReadonlySet<string> = new Set(['content-type', 'content-encoding', 'content-length']);

/**
 * Programs by whose name a registry may know what to answer. Registries publish who downloaded what with which program, so that name and
 * version are all that is told.
 */
const knownProgram =
  /^(?:npm|pnpm|yarn|bun|node|pip|uv|poetry|cargo|go-http-client|go|curl|wget|git|gradle|apache-maven|java|ruby|rubygems|bundler|composer|nuget|hex|dart|python-requests|python-urllib)(?:\/v?\d{1,3}(?:\.\d{1,3}){0,2})?(?![\w.])/i;
const unknownProgram = 'entropy-playground';

/** Short enough to be what they are: marks of a version, and moments. */
const conditions: Readonly<Record<string, RegExp>> = {
  'if-match': /^(?:W\/)?"[\w+/=.:-]{1,128}"$/,
  'if-none-match': /^(?:W\/)?"[\w+/=.:-]{1,128}"$/,
  'if-range': /^(?:(?:W\/)?"[\w+/=.:-]{1,128}"|[\w ,:]{1,40})$/,
  'if-modified-since': /^[\w ,:]{1,40}$/,
  'if-unmodified-since': /^[\w ,:]{1,40}$/,
};

/** Names of query parameters that stand for somebody: tokens, keys, signatures of presigned addresses. */
const identifying =
  /(?:token|secret|passw(?:or)?d|signature|credentials?|api_?key|access_?key(?:_?id)?)(?:\[\])?$|^(?:.*[-_.])?(?:key|pass|pwd|sig|auth|authorization|bearer|code|jwt|sid|session)(?:\[\])?$/i;

const longestPath = 8_192;

/**
 * Lets through what reads: GET, HEAD, and git's own way to ask for objects, which is a POST. `promised` tells whether this very
 * address was given out by an allowed host in a redirect, as storages behind registries do with addresses that they signed.
 */
export function judgeRequest(
  { method, path, headers }: TunnelledRequest,
  promised: (path: string) => boolean = () => false,
): JudgedRequest {
  if (!path.startsWith('/') || path.length > longestPath)
    return refused('its path is not one of this host, or too long');
  const fetchesObjects = method === 'POST' && isUploadPack(path, headers);
  if (method !== 'GET' && method !== 'HEAD' && !fetchesObjects) {
    return refused(`${method} is not allowed: from here hosts are only read`);
  }
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  if (hasBody && !fetchesObjects) return refused(`a ${method} with a body is not allowed`);
  const secret = promised(path) ? undefined : identifyingParameter(path);
  if (secret !== undefined) return refused(`the query parameter "${secret}" stands for somebody`);
  const names = fetchesObjects ? new Set([...passedOn, ...passedOnWithBody]) : passedOn;
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    const told = names.has(name) && typeof value === 'string' ? toldValue(name, value) : undefined;
    return told === undefined ? [] : [[name, told] as const];
  });
  return { kind: 'reads', headers: Object.fromEntries(kept), body: fetchesObjects ? 'sent-on' : 'none' };
}

/** Undefined: it is left out. */
function toldValue(name: string, value: string): string | undefined {
  if (name === 'user-agent') return knownProgram.exec(value)?.[0] ?? unknownProgram;
  const form = conditions[name];
  return form === undefined || form.test(value) ? value : undefined;
}

function isUploadPack(path: string, headers: TunnelledRequest['headers']): boolean {
  const type = headers['content-type'];
  return !path.includes('?') && path.endsWith('/git-upload-pack') && type === 'application/x-git-upload-pack-request';
}

function identifyingParameter(path: string): string | undefined {
  const at = path.indexOf('?');
  if (at < 0) return undefined;
  for (const name of new URLSearchParams(path.slice(at + 1).replaceAll(';', '&')).keys()) {
    if (name.length > 200 || identifying.test(name)) return name.slice(0, 60);
  }
  return undefined;
}

function refused(why: string): JudgedRequest {
  return { kind: 'refused', why };
}
