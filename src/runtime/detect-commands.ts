/** What a repository shows at its top level. Contents are untrusted text; only well-known names are looked for in them. */
export interface RepositoryFiles {
  /** Names at the top of the repository, folders with a trailing slash. */
  readonly names: readonly string[];
  /** Contents of the few files in `filesToRead` that exist. */
  readonly contents: Readonly<Record<string, string>>;
}

/** A way to prepare and to test the repository that its files suggest, and the reason that is shown to a person. */
export interface DetectedCommands {
  readonly ecosystem: string;
  readonly setup: string | undefined;
  readonly test: string | undefined;
  /** `package.json with pnpm-lock.yaml, scripts.test runs vitest`. */
  readonly because: string;
}

/** The contents that `detectCommands` looks into; everything else it judges by name alone. */
export const filesToRead = [
  'package.json',
  'pyproject.toml',
  'Makefile',
  'composer.json',
  'Gemfile',
  'tox.ini',
] as const;

type Detector = (files: RepositoryFiles) => DetectedCommands | undefined;

/** All that was recognised, most telling first. A Makefile's own `test` target comes last: it is often a wrapper. */
export function detectCommands(files: RepositoryFiles): readonly DetectedCommands[] {
  return detectors.map((detect) => detect(files)).filter((found) => found !== undefined);
}

const has = (files: RepositoryFiles, ...names: string[]): string | undefined =>
  names.find((name) => files.names.includes(name));

const node: Detector = (files) => {
  const manifest = parseJson(files.contents['package.json']);
  if (manifest === undefined) return undefined;
  const manager = packageManager(files, manifest);
  const test = stringAt(manifest, 'scripts', 'test');
  // What `npm init` writes, and what always fails.
  const isReal = test !== undefined && !/no test specified/.test(test);
  const runner = ['vitest', 'jest', 'mocha', 'ava', 'playwright', 'node --test'].find((name) => test?.includes(name));
  const told = isReal ? `scripts.test runs ${runner ?? 'a command of its own'}` : 'no scripts.test';
  return {
    ecosystem: manager.name,
    setup: manager.install,
    test: isReal ? manager.test : undefined,
    because: `package.json${manager.lock === undefined ? '' : ` with ${manager.lock}`}, ${told}`,
  };
};

function packageManager(files: RepositoryFiles, manifest: Record<string, unknown>) {
  const pinned = stringAt(manifest, 'packageManager')?.split('@')[0];
  const lock = has(
    files,
    'pnpm-lock.yaml',
    'yarn.lock',
    'bun.lock',
    'bun.lockb',
    'package-lock.json',
    'npm-shrinkwrap.json',
  );
  const locked = lock?.startsWith('pnpm')
    ? 'pnpm'
    : lock?.startsWith('yarn')
      ? 'yarn'
      : lock?.startsWith('bun')
        ? 'bun'
        : 'npm';
  const name = pinned === 'pnpm' || pinned === 'yarn' || pinned === 'bun' || pinned === 'npm' ? pinned : locked;
  // Corepack gives the very version that the repository pinned.
  const corepack = pinned === 'pnpm' || pinned === 'yarn' ? 'corepack enable && ' : '';
  const npmInstall = lock === undefined ? 'npm install --no-audit --no-fund' : 'npm ci --no-audit --no-fund';
  switch (name) {
    case 'pnpm':
      return { name, lock, install: `${corepack}pnpm install --frozen-lockfile`, test: 'pnpm test' };
    case 'yarn': {
      const classic =
        stringAt(manifest, 'packageManager')?.startsWith('yarn@1') ?? has(files, '.yarnrc.yml') === undefined;
      return {
        name,
        lock,
        install: `${corepack}yarn install ${classic ? '--frozen-lockfile' : '--immutable'}`,
        test: 'yarn test',
      };
    }
    case 'bun':
      return { name, lock, install: 'bun install --frozen-lockfile', test: 'bun run test' };
    case 'npm':
      return { name, lock, install: npmInstall, test: 'npm test' };
    default:
      return name satisfies never;
  }
}

const python: Detector = (files) => {
  const project = has(files, 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt');
  if (project === undefined) return undefined;
  const text = files.contents['pyproject.toml'] ?? '';
  const lock = has(files, 'uv.lock', 'poetry.lock', 'pdm.lock');
  const tests = has(files, 'pytest.ini', 'conftest.py', 'tests/', 'test/');
  const usesPytest =
    /\bpytest\b/.test(text) || /\bpytest\b/.test(files.contents['tox.ini'] ?? '') || tests !== undefined;
  const prefix =
    lock === 'uv.lock'
      ? 'uv run --frozen --offline '
      : lock === 'poetry.lock'
        ? 'poetry run '
        : lock === 'pdm.lock'
          ? 'pdm run '
          : '';
  const requirements = has(files, 'requirements-dev.txt', 'requirements.txt');
  const pip = requirements !== undefined && project === requirements ? `-r ${requirements}` : '-e .';
  const installs: Readonly<Record<string, string>> = {
    'uv.lock': 'uv sync --frozen',
    'poetry.lock': 'poetry install --no-interaction',
    'pdm.lock': 'pdm install --frozen-lockfile',
  };
  // In the workspace, where the sandbox sees it; the machine's own site-packages may be out of its sight.
  const venv = `python3 -m venv .venv && .venv/bin/pip install --quiet ${pip} pytest`;
  const python3 = prefix === '' ? '.venv/bin/python ' : `${prefix}python `;
  return {
    ecosystem: 'python',
    setup: lock === undefined ? venv : installs[lock],
    test: usesPytest ? `${python3}-m pytest -q` : `${python3}-m unittest`,
    because: `${project}${lock === undefined ? '' : ` with ${lock}`}${usesPytest ? ', pytest' : ''}`,
  };
};

const byName = (ecosystem: string, marker: readonly string[], setup: string, test: string): Detector => {
  return (files) => {
    const found = has(files, ...marker);
    return found === undefined ? undefined : { ecosystem, setup, test, because: found };
  };
};

const gradle: Detector = (files) => {
  const build = has(files, 'build.gradle.kts', 'build.gradle', 'settings.gradle.kts', 'settings.gradle');
  if (build === undefined) return undefined;
  const program = has(files, 'gradlew') === undefined ? 'gradle' : './gradlew';
  return {
    ecosystem: 'gradle',
    setup: `${program} --no-daemon testClasses`,
    test: `${program} --no-daemon --offline test`,
    because: build,
  };
};

const maven: Detector = (files) => {
  if (has(files, 'pom.xml') === undefined) return undefined;
  const program = has(files, 'mvnw') === undefined ? 'mvn' : './mvnw';
  const setup = `${program} -B -q dependency:go-offline test-compile`;
  return { ecosystem: 'maven', setup, test: `${program} -B -o test`, because: 'pom.xml' };
};

const php: Detector = (files) => {
  const manifest = parseJson(files.contents['composer.json']);
  if (manifest === undefined) return undefined;
  const scripted =
    stringAt(manifest, 'scripts', 'test') !== undefined || Array.isArray(at(manifest, 'scripts', 'test'));
  return {
    ecosystem: 'composer',
    setup: 'composer install --no-interaction --no-progress',
    test: scripted ? 'composer test' : 'vendor/bin/phpunit',
    because: scripted ? 'composer.json, scripts.test' : 'composer.json',
  };
};

const ruby: Detector = (files) => {
  const gemfile = files.contents['Gemfile'];
  if (gemfile === undefined) return undefined;
  const rspec = has(files, 'spec/', '.rspec') !== undefined || /\brspec\b/.test(gemfile);
  return {
    ecosystem: 'bundler',
    setup: 'bundle config set --local path vendor/bundle && bundle install',
    test: rspec ? 'bundle exec rspec' : 'bundle exec rake test',
    because: rspec ? 'Gemfile, rspec' : 'Gemfile',
  };
};

const make: Detector = (files) => {
  const target = /^(check|test):(?!=)/m.exec(files.contents['Makefile'] ?? '')?.[1];
  if (target === undefined) return undefined;
  const both = /^test:(?!=)/m.test(files.contents['Makefile'] ?? '') ? 'test' : target;
  return { ecosystem: 'make', setup: undefined, test: `make ${both}`, because: `Makefile, target ${both}` };
};

const detectors: readonly Detector[] = [
  node,
  python,
  byName('go', ['go.mod'], 'go mod download', 'go test ./...'),
  byName('cargo', ['Cargo.toml'], 'cargo fetch', 'cargo test --offline'),
  maven,
  gradle,
  php,
  ruby,
  make,
];

function parseJson(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A broken manifest suggests nothing; the set-up command will say so better than a guess.
    return undefined;
  }
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

function stringAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}
