import { describe, expect, it } from 'vitest';
import { detectCommands } from '../../../src/runtime/detect-commands.ts';

function detected(names: readonly string[], contents: Readonly<Record<string, string>> = {}) {
  return detectCommands({ names, contents }).map(({ ecosystem, setup, test }) => ({ ecosystem, setup, test }));
}

const manifest = (scripts: Record<string, string>, more: Record<string, unknown> = {}) => ({
  'package.json': JSON.stringify({ scripts, ...more }),
});

describe('the commands of a repository', () => {
  it.each([
    [['package-lock.json'], {}, 'npm', 'npm ci --no-audit --no-fund', 'npm test'],
    [[], {}, 'npm', 'npm install --no-audit --no-fund', 'npm test'],
    [['pnpm-lock.yaml'], {}, 'pnpm', 'pnpm install --frozen-lockfile', 'pnpm test'],
    [['yarn.lock'], {}, 'yarn', 'yarn install --frozen-lockfile', 'yarn test'],
    [['yarn.lock', '.yarnrc.yml'], {}, 'yarn', 'yarn install --immutable', 'yarn test'],
    [['bun.lock'], {}, 'bun', 'bun install --frozen-lockfile', 'bun run test'],
    [
      ['package-lock.json'],
      { packageManager: 'pnpm@10.1.0' },
      'pnpm',
      'corepack enable && pnpm install --frozen-lockfile',
      'pnpm test',
    ],
  ])('follow the lock file %j and the pinned manager %j', (names, more, ecosystem, setup, test) => {
    expect(detected(['package.json', ...names], manifest({ test: 'vitest run' }, more))).toEqual([
      { ecosystem, setup, test },
    ]);
  });

  it('have no test when package.json only holds what `npm init` wrote', () => {
    expect(detected(['package.json'], manifest({ test: 'echo "Error: no test specified" && exit 1' }))[0]?.test).toBe(
      undefined,
    );
  });

  it.each([
    [['go.mod'], {}, 'go', 'go test ./...'],
    [['Cargo.toml'], {}, 'cargo', 'cargo test --offline'],
    [['pom.xml', 'mvnw'], {}, 'maven', './mvnw -B -o test'],
    [['build.gradle.kts', 'gradlew'], {}, 'gradle', './gradlew --no-daemon --offline test'],
    [['composer.json'], { 'composer.json': '{"scripts":{"test":["phpunit"]}}' }, 'composer', 'composer test'],
    [['Gemfile', 'spec/'], { Gemfile: 'gem "rake"' }, 'bundler', 'bundle exec rspec'],
    [['Makefile'], { Makefile: 'all: x\ncheck: x\ntest: x\n' }, 'make', 'make test'],
    [
      ['pyproject.toml', 'uv.lock'],
      { 'pyproject.toml': '[tool.pytest.ini_options]' },
      'python',
      'uv run --frozen --offline python -m pytest -q',
    ],
    [['requirements.txt', 'tests/'], {}, 'python', '.venv/bin/python -m pytest -q'],
    [['setup.py'], {}, 'python', '.venv/bin/python -m unittest'],
  ])('are found for %j', (names, contents, ecosystem, test) => {
    expect(detected(names, contents)[0]).toMatchObject({ ecosystem, test });
  });

  it('of several ecosystems are all told, with a Makefile last', () => {
    const all = detected(['Makefile', 'go.mod', 'package.json'], { Makefile: 'test:\n', ...manifest({}) });
    expect(all.map(({ ecosystem }) => ecosystem)).toEqual(['npm', 'go', 'make']);
  });

  it('are not guessed from a broken manifest, a variable called test, or nothing', () => {
    expect(detected(['package.json'], { 'package.json': '{' })).toEqual([]);
    expect(detected(['Makefile'], { Makefile: 'test:=1\n' })).toEqual([]);
    expect(detected([])).toEqual([]);
  });
});
