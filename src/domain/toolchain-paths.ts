/** What the rule must know of the machine. All paths are absolute, normalised and real (no symlink in them). */
export interface MachinePaths {
  /** Homes of the user who runs us: what HOME says and what the system says differ in containers. */
  readonly homes: readonly string[];
  readonly workspace: string;
  /** Names inside a directory; empty when it cannot be read. */
  readonly namesIn: (directory: string) => readonly string[];
}

export type ToolchainMount =
  /** Seen inside anyway, at the same path. */
  | { readonly kind: 'present' }
  /** Inside the workspace: the same directory under `/ws`. */
  | { readonly kind: 'workspace'; readonly path: string }
  /** Bound read-only at their own paths; `env` tells the tools where their root is, now that HOME is another one. */
  | { readonly kind: 'mount'; readonly paths: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reason: string };

/** Bound whole by the layout itself. */
const systemRoots = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/opt/hostedtoolcache',
  '/nix/store',
];

const neverBelow = ['/proc', '/sys', '/dev', '/run', '/var/run', '/etc', '/boot', '/var/lib/docker', '/ws'];

/** Names of files and folders that hold credentials, and of the folders where a runner keeps its own. */
const secretNames = new Set(
  `.ssh .aws .azure .config .docker .gnupg .kube .netrc .npmrc .pypirc .yarnrc.yml .git-credentials .gitconfig .gem
  .password-store .vault-token .terraform.d .terraformrc .mozilla .thunderbird .env .credentials .credentials_rsaparams .runner
  _temp _actions _runner_file_commands _github_home _github_workflow docker.sock credentials.toml keyrings`.split(
    /\s+/,
  ),
);

/** What a prefix such as `/srv/tool` is made of; its other contents are nobody's business. */
const prefixParts = new Set('bin sbin lib lib32 lib64 libexec share include pkg misc jmods conf legal'.split(' '));

/** Well-known roots below a home, as the path segments after it; `*` is any one name. */
const homeToolchains: readonly HomeToolchain[] = [
  { below: '.pyenv', mounts: ['.pyenv'], env: { PYENV_ROOT: '.pyenv' } },
  { below: '.rbenv', mounts: ['.rbenv'], env: { RBENV_ROOT: '.rbenv' } },
  { below: '.nodenv', mounts: ['.nodenv'], env: { NODENV_ROOT: '.nodenv' } },
  { below: '.goenv', mounts: ['.goenv'], env: { GOENV_ROOT: '.goenv' } },
  { below: '.asdf', mounts: ['.asdf'], env: { ASDF_DATA_DIR: '.asdf' } },
  { below: '.volta', mounts: ['.volta'], env: { VOLTA_HOME: '.volta' } },
  { below: '.cargo/bin', mounts: ['.cargo/bin', '.rustup'], env: { RUSTUP_HOME: '.rustup' } },
  { below: '.rustup', mounts: ['.rustup'], env: { RUSTUP_HOME: '.rustup' } },
  { below: '.nvm/versions/node/*', mounts: ['.nvm/versions/node/*'] },
  { below: '.sdkman/candidates/*/*', mounts: ['.sdkman/candidates/*/*'] },
  { below: '.deno/bin', mounts: ['.deno/bin'] },
  { below: '.bun/bin', mounts: ['.bun/bin', '.bun/install'] },
  { below: '.dotnet', mounts: ['.dotnet'], env: { DOTNET_ROOT: '.dotnet' } },
  { below: '.linuxbrew', mounts: ['.linuxbrew'] },
  { below: '.local/bin', mounts: ['.local/bin', '.local/lib', '.local/pipx', '.local/share/pipx', '.local/share/uv'] },
  { below: '.local/share/uv', mounts: ['.local/share/uv'] },
  { below: '.local/share/mise', mounts: ['.local/share/mise'], env: { MISE_DATA_DIR: '.local/share/mise' } },
  { below: '.local/share/fnm', mounts: ['.local/share/fnm'] },
  { below: '.local/share/pnpm', mounts: ['.local/share/pnpm'] },
  { below: 'miniconda3', mounts: ['miniconda3'] },
  { below: 'miniforge3', mounts: ['miniforge3'] },
  { below: 'anaconda3', mounts: ['anaconda3'] },
  { below: 'go/bin', mounts: ['go/bin'] },
];

interface HomeToolchain {
  readonly below: string;
  readonly mounts: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Decides what of the machine is shown so that the programs in `directory` work: as little as makes them run. */
export function toolchainMount(directory: string, machine: MachinePaths): ToolchainMount {
  if (isWithin(directory, machine.workspace)) {
    return { kind: 'workspace', path: `/ws${directory.slice(machine.workspace.length)}` };
  }
  if (systemRoots.some((root) => isWithin(directory, root))) return { kind: 'present' };
  const forbidden = whyNeverMounted(directory, machine);
  if (forbidden !== undefined) return { kind: 'refused', reason: forbidden };

  const packages = upTo(directory, 'node_modules');
  if (packages !== undefined) return mounts([packages], machine);
  const cached = toolCacheRoot(directory);
  if (cached !== undefined) return mounts([cached], machine);

  const home = homeOf(directory, machine);
  if (home === undefined) return mounts(prefixOf(directory, machine), machine);
  const known = homeToolchains.find(({ below }) => matchSegments(directory, home, below) !== undefined);
  if (known === undefined) return mounts(prefixOf(directory, machine), machine);
  const matched = matchSegments(directory, home, known.below) ?? '';
  const paths = known.mounts.map((mount) => (mount === known.below ? matched : `${home}/${mount}`));
  const env = Object.entries(known.env ?? {}).map(([name, path]) => [name, `${home}/${path}`]);
  return mounts(paths, machine, Object.fromEntries(env));
}

/**
 * Why a path may not be shown inside, whatever asks for it; undefined when it may. Checked again on the real path of
 * everything that is bound, since a `lib` inside a toolchain can be a symlink to anywhere.
 */
export function whyNeverMounted(path: string, machine: Pick<MachinePaths, 'homes' | 'workspace'>): string | undefined {
  const segments = segmentsOf(path);
  if (segments.length < 2) return 'it is the root of the machine or a folder right below it';
  const reserved = neverBelow.find((root) => isWithin(path, root));
  if (reserved !== undefined) return `nothing below ${reserved} is shown`;
  const secret = segments.find((name) => secretNames.has(name));
  if (secret !== undefined) return `${secret} may hold credentials`;
  if (machine.homes.some((home) => isWithin(home, path))) return 'it holds the home of the user';
  if (isWithin(machine.workspace, path)) return 'it holds the workspace';
  const [top, user, brew] = segments;
  const inHomes = top === 'home' || top === 'Users';
  if (inHomes && segments.length === 2) return 'it is the home of a user';
  const ours = machine.homes.some((home) => isWithin(path, home));
  const foreign = inHomes && !ours && !(user === 'linuxbrew' && brew === '.linuxbrew');
  if (foreign || (top === 'root' && !ours)) return 'it belongs to another user';
  if (segments.includes('_work') && toolCacheRoot(path) === undefined) return "it is the runner's own folder";
  return undefined;
}

export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? '/' : `${root}/`);
}

function mounts(
  paths: readonly string[],
  machine: MachinePaths,
  env: Readonly<Record<string, string>> = {},
): ToolchainMount {
  const [refused] = paths.flatMap((path) => whyNeverMounted(path, machine) ?? []);
  return refused === undefined ? { kind: 'mount', paths, env } : { kind: 'refused', reason: refused };
}

/** `/srv/tool/bin` → the parts of `/srv/tool` that programs are made of; any other directory stands for itself. */
function prefixOf(directory: string, machine: MachinePaths): readonly string[] {
  const parent = directory.slice(0, directory.lastIndexOf('/'));
  const isPrefix = /\/(bin|sbin|libexec)$/.test(directory) && whyNeverMounted(parent, machine) === undefined;
  if (!isPrefix) return [directory];
  const parts = machine.namesIn(parent).filter((name) => prefixParts.has(name));
  return [...new Set([directory, ...parts.map((name) => `${parent}/${name}`)])];
}

/** A runner's tool cache: `…/_tool/<name>/<version>/<architecture>`. */
function toolCacheRoot(path: string): string | undefined {
  const segments = segmentsOf(path);
  const at = segments.indexOf('_tool');
  return at === -1 || segments.length < at + 4 ? undefined : `/${segments.slice(0, at + 4).join('/')}`;
}

/** The path up to and with the first segment of that name. */
function upTo(path: string, name: string): string | undefined {
  const segments = segmentsOf(path);
  const at = segments.indexOf(name);
  return at === -1 ? undefined : `/${segments.slice(0, at + 1).join('/')}`;
}

function homeOf(path: string, machine: MachinePaths): string | undefined {
  return [...machine.homes, '/home/linuxbrew'].find((home) => isWithin(path, home));
}

/** The part of `path` that the pattern below `home` covers, or undefined. */
function matchSegments(path: string, home: string, pattern: string): string | undefined {
  const wanted = pattern.split('/');
  const given = segmentsOf(path.slice(home.length));
  const matches = wanted.every((name, index) => (name === '*' ? given[index] !== undefined : given[index] === name));
  return matches ? `${home}/${given.slice(0, wanted.length).join('/')}` : undefined;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
