export type ForgeKind = 'github' | 'github-enterprise' | 'gitlab' | 'gitea' | 'bitbucket' | 'unknown';

/** Where a git remote points, without any credential that its URL carried. */
export interface RemoteLocation {
  readonly kind: 'forge';
  readonly forge: ForgeKind;
  readonly protocol: 'https' | 'http' | 'ssh' | 'git';
  /** Lower case. */
  readonly host: string;
  /** Only when the URL names one that is not the protocol's own. */
  readonly port: number | undefined;
  /** May hold slashes on GitLab (`group/subgroup`). */
  readonly owner: string;
  readonly name: string;
  /** The repository's page, for the forges that serve it at the same host. */
  readonly webUrl: string;
  /** True when the URL carried a user name with a password or a token. Worth a warning; the value is not kept. */
  readonly hadCredentials: boolean;
}

export type RemoteUrl =
  | RemoteLocation
  /** A folder of this machine, or `file://`. */
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface KnownHosts {
  /** Host of the GitHub server that the environment names (`GITHUB_SERVER_URL`). */
  readonly githubHost?: string;
}

const standardPorts: Readonly<Record<string, number>> = { https: 443, http: 80, ssh: 22, git: 9418 };
const longest = 2048;

/**
 * Reads the URL of a git remote in every form that git takes: `https://`, `http://`, `ssh://`, `git://`, `git+ssh://`,
 * scp-like `git@host:owner/name`, `file://` and plain paths (git-fetch(1), "GIT URLS").
 */
export function parseRemoteUrl(text: string, known: KnownHosts = {}): RemoteUrl {
  const url = text.trim();
  if (url === '') return unusable('it is empty');
  if (url.length > longest) return unusable(`it is longer than ${longest} characters`);
  if (/\p{Cc}/u.test(url)) return unusable('it holds control characters');

  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined) return parseWithScheme(url, scheme, known);
  const transport = /^([a-z][a-z0-9+.-]*)::/i.exec(url)?.[1];
  if (transport !== undefined) return unusable(`"${transport}::" starts a helper program, which is not supported`);
  return parseScpLike(url, known);
}

function parseWithScheme(url: string, scheme: string, known: KnownHosts): RemoteUrl {
  if (scheme === 'file') return localFile(url);
  const protocol = protocolOf(scheme);
  if (protocol === undefined) return unusable(`the protocol "${scheme}" is not supported`);
  const rest = url.slice(url.indexOf('://') + 3);
  const slash = rest.search(/[/?#]/);
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? '' : rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? '' : authority.slice(0, at);
  const place = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{0,5}))?$/i.exec(authority.slice(at + 1));
  if (place?.[1] === undefined) return unusable('its host cannot be read');
  const port = place[2] === undefined || place[2] === '' ? undefined : Number(place[2]);
  if (port !== undefined && (port < 1 || port > 65_535)) return unusable(`its port ${port} does not exist`);
  // Over ssh a user name alone ("git") is normal; over http it is a token (GitHub's `https://<token>@github.com`).
  const web = protocol === 'https' || protocol === 'http';
  const hadCredentials = user.includes(':') || (web && user !== '');
  return locate({ protocol, host: place[1], port, path: unescapePath(path), hadCredentials }, known);
}

/** `git@host:owner/name`; without a colon before the first slash it is a path. A single letter is a Windows drive. */
function parseScpLike(url: string, known: KnownHosts): RemoteUrl {
  const match = /^(?:([^@/:]+)@)?(\[[0-9a-f:.]+\]|[^:/@[\]\\]+):(?!\/\/)(.*)$/i.exec(url);
  const host = match?.[2];
  const isDrive = match?.[1] === undefined && host?.length === 1;
  if (match === null || host === undefined || isDrive) return localPath(url);
  const rest = match[3] ?? '';
  return locate({ protocol: 'ssh', host, port: undefined, path: rest, hadCredentials: false }, known);
}

interface Parts {
  readonly protocol: RemoteLocation['protocol'];
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
  readonly hadCredentials: boolean;
}

function locate(parts: Parts, known: KnownHosts): RemoteUrl {
  const host = parts.host.toLowerCase();
  const validHost = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]{0,252}))$/.test(host);
  if (!validHost) return unusable('its host cannot be read');
  if (parts.path === undefined) return unusable('its path is not correctly escaped');
  const segments = parts.path
    .replace(/[?#].*$/, '')
    .split('/')
    .filter((segment) => segment !== '');
  const last = segments.pop();
  const name = last?.replace(/\.git$/i, '');
  if (name === undefined || name === '' || segments.length === 0) {
    return unusable('its path does not name an owner and a repository');
  }
  const strange = [...segments, name].find(
    (part) => part === '.' || part === '..' || !/^[\p{L}\p{N}._~+-]+$/u.test(part),
  );
  if (strange !== undefined) return unusable('its path holds a part that no forge allows');

  const forge = forgeOf(host, known);
  const nested = segments.length > 1;
  if (nested && (forge === 'github' || forge === 'github-enterprise')) {
    return unusable('GitHub has no nested owners, and its path has more than two parts');
  }
  const port = parts.port === standardPorts[parts.protocol] ? undefined : parts.port;
  const webHost = host === 'ssh.github.com' ? 'github.com' : host === 'altssh.gitlab.com' ? 'gitlab.com' : host;
  const isWeb = parts.protocol === 'https' || parts.protocol === 'http';
  const owner = segments.join('/');
  const webPort = isWeb && port !== undefined ? `:${port}` : '';
  return {
    kind: 'forge',
    forge,
    protocol: parts.protocol,
    host,
    port,
    owner,
    name,
    webUrl: `${parts.protocol === 'http' ? 'http' : 'https'}://${webHost}${webPort}/${owner}/${name}`,
    hadCredentials: parts.hadCredentials,
  };
}

function forgeOf(host: string, known: KnownHosts): ForgeKind {
  if (host === 'github.com' || host === 'www.github.com' || host === 'ssh.github.com') return 'github';
  const isEnterprise = host === known.githubHost?.toLowerCase() || host.endsWith('.ghe.com') || named(host, 'github');
  if (isEnterprise) return 'github-enterprise';
  if (host === 'codeberg.org' || named(host, 'gitea') || named(host, 'forgejo')) return 'gitea';
  if (host === 'altssh.gitlab.com' || named(host, 'gitlab')) return 'gitlab';
  return named(host, 'bitbucket') ? 'bitbucket' : 'unknown';
}

/** `gitlab.example.com`, `my-gitlab.example.com`: the word is in the host's first label. */
function named(host: string, word: string): boolean {
  const label = host.split('.')[0] ?? '';
  return label.split('-').includes(word);
}

function protocolOf(scheme: string): RemoteLocation['protocol'] | undefined {
  if (scheme === 'https' || scheme === 'http' || scheme === 'ssh' || scheme === 'git') return scheme;
  return scheme === 'git+ssh' || scheme === 'ssh+git' ? 'ssh' : undefined;
}

function localFile(url: string): RemoteUrl {
  const path = unescapePath(url.slice('file://'.length));
  if (path === undefined) return unusable('its path is not correctly escaped');
  return path.startsWith('/') ? localPath(path) : unusable('a file:// URL that names a host is not supported');
}

function localPath(path: string): RemoteUrl {
  return { kind: 'local', path };
}

function unescapePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function unusable(reason: string): RemoteUrl {
  return { kind: 'unusable', reason };
}
