export type ProtectionKind =
  | 'repository'
  | 'reviewers'
  | 'pipeline'
  | 'checkout'
  | 'git'
  | 'agents'
  | 'lock-file'
  | 'manifest'
  | 'dot-folder';

/** A kind of path that agents leave alone unless a repository says otherwise. */
export interface Protection {
  readonly kind: ProtectionKind;
  readonly why: string;
  readonly globs: readonly string[];
}

/** Compared with the folded path, so other letters, look-alikes and trailing dots do not get around them. */
export const builtInProtections: readonly Protection[] = [
  { kind: 'repository', why: 'workflows and settings of the repository', globs: ['/.github'] },
  { kind: 'reviewers', why: 'who must review', globs: ['codeowners'] },
  {
    kind: 'pipeline',
    why: 'a pipeline: it runs with the secrets of this repository as soon as the branch is pushed',
    globs: [
      '*.gitlab-ci.yml',
      '/.travis.yml',
      '/.drone.yml',
      '/.drone.star',
      '/.woodpecker.yml',
      '/.woodpecker.yaml',
      '/.appveyor.yml',
      '/appveyor.yml',
      '/.cirrus.yml',
      '/.cirrus.star',
      '/.semaphore.yml',
      '/azure-pipelines*.yml',
      '/azure-pipelines*.yaml',
      '/bitbucket-pipelines.yml',
      '/buildspec*.yml',
      '/buildspec*.yaml',
      'cloudbuild*.yaml',
      'cloudbuild*.yml',
      'cloudbuild*.json',
      'netlify.toml',
      'vercel.json',
      'amplify.yml',
      'action.yml',
      'action.yaml',
      '/codemagic.yaml',
      '/wercker.yml',
      'jenkinsfile*',
    ],
  },
  {
    kind: 'checkout',
    why: 'it runs code on the machine of whoever checks the branch out',
    globs: [
      '.envrc',
      '.pre-commit-config.yaml',
      '.pre-commit-config.yml',
      'lefthook.yml',
      'lefthook.yaml',
      'lefthook.toml',
      'lefthook.json',
      'lefthook.jsonc',
      'lefthook-local.*',
      '.lefthook.*',
      '.lefthook-local.*',
      '.husky',
      '.vscode',
      '.devcontainer',
      '.idea',
    ],
  },
  {
    kind: 'git',
    why: 'it decides what reviewers are shown, and how git reads files',
    globs: ['.gitattributes', '.lfsconfig'],
  },
  {
    kind: 'agents',
    why: 'instructions for agents',
    globs: [
      'agents.md',
      'agents.override.md',
      'agent.md',
      'claude.md',
      'claude.local.md',
      'gemini.md',
      '.cursorrules',
      '.windsurfrules',
      '.clinerules',
      '.mcp.json',
      '.aider.conf.yml',
      'opencode.json',
      'opencode.jsonc',
      '.claude',
      '.codex',
      '.cursor',
      '.gemini',
      '.windsurf',
    ],
  },
  {
    kind: 'lock-file',
    why: 'a lock file: it decides which code is installed',
    globs: [
      'package-lock.json',
      'npm-shrinkwrap.json',
      'yarn.lock',
      'pnpm-lock.yaml',
      'bun.lock',
      'bun.lockb',
      'deno.lock',
      'cargo.lock',
      'go.sum',
      'go.work.sum',
      'gemfile.lock',
      'composer.lock',
      'poetry.lock',
      'uv.lock',
      'pdm.lock',
      'pipfile.lock',
      'flake.lock',
      'mix.lock',
      'pubspec.lock',
      'podfile.lock',
      'package.resolved',
      'packages.lock.json',
      'gradle.lockfile',
      '.terraform.lock.hcl',
    ],
  },
  {
    kind: 'manifest',
    why: 'a manifest or a part of the build: it can run code on installation',
    globs: [
      'package.json',
      'pnpm-workspace.yaml',
      '.pnpmfile.cjs',
      '.pnpmfile.mjs',
      'binding.gyp',
      '.npmrc',
      '.yarnrc',
      '.yarnrc.yml',
      'bunfig.toml',
      'deno.json',
      'deno.jsonc',
      'jsr.json',
      'cargo.toml',
      '.cargo',
      'build.rs',
      'go.mod',
      'go.work',
      'gemfile',
      '*.gemspec',
      'composer.json',
      'pyproject.toml',
      'setup.py',
      'setup.cfg',
      'requirements*.txt',
      'constraints*.txt',
      'pipfile',
      'pip.conf',
      'pom.xml',
      'mvnw',
      'mvnw.cmd',
      '.mvn',
      'build.gradle',
      'build.gradle.kts',
      'settings.gradle',
      'settings.gradle.kts',
      'gradlew',
      'gradlew.bat',
      '**/gradle/wrapper',
      'gradle-wrapper.properties',
      'gradle-wrapper.jar',
      'buildsrc',
      '*.csproj',
      '*.fsproj',
      'directory.build.props',
      'directory.build.targets',
      'directory.packages.props',
      'directory.packages.targets',
      'directory.solution.props',
      'directory.solution.targets',
      'nuget.config',
      'mix.exs',
      'pubspec.yaml',
      'podfile',
      'package.swift',
    ],
  },
  { kind: 'dot-folder', why: 'a folder of settings at the top (its name begins with a dot)', globs: ['/.*/**'] },
];

/**
 * A path as the least careful file system would read it: compatibility forms and letters of one case, without invisible
 * code points, without dots and spaces at the end of a name, without the stream that NTFS puts behind a colon.
 */
export function foldPath(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .split(/[/\\]/)
    .map(foldSegment)
    .join('/');
}

function foldSegment(segment: string): string {
  const name = segment.split(':', 1)[0] ?? '';
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end -= 1;
  const trimmed = name.slice(0, end).trimStart();
  return trimmed === '' ? segment : trimmed;
}

/** Names that lead into git's own data on some file system: `.git`, its NTFS short name, and the submodule file. */
export function isGitInternal(path: string): boolean {
  const segments = foldPath(path).split('/');
  return segments.some((segment) => segment === '.git' || segment === '.gitmodules' || shortName.test(segment));
}

/** What Windows calls `.git`, `.gitmodules` and `.github` when it must use eight letters. */
const shortName = /^(?:git|gitmod|gi7eba|github)~[0-9]+$/;
