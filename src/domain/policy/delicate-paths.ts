import { matchesAny } from '../path-rules.ts';
import { builtInProtections, foldPath, type ProtectionKind } from '../protected-paths.ts';

/** Kinds of protected files that run somewhere else, or decide who looks: a change to one is a change to the defences. */
const delicateKinds: readonly ProtectionKind[] = ['reviewers', 'pipeline', 'checkout', 'git', 'agents'];
/** Of the repository's own settings and of dot-folders only what runs, or rules. */
const delicateGlobs = [
  ...['/.github/workflows', '/.github/actions', '/.github/entropy.yml', '/.circleci', '/.buildkite', '/.woodpecker'],
  ...['/.gitea', '/.forgejo', '/.husky', '/.vscode', '/.devcontainer', '/.claude', '/.cursor', '/.idea'],
];

/** One path of each, for globs that say more than one path. */
const samples = [
  ...[
    '.github/workflows/ci.yml',
    '.github/workflows/ci.yaml',
    '.github/actions/build/action.yml',
    '.github/entropy.yml',
  ],
  ...['CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS', '.gitlab-ci.yml', 'azure-pipelines.yml', 'Jenkinsfile'],
  ...['.circleci/config.yml', '.buildkite/pipeline.yml', '.envrc', '.pre-commit-config.yaml', '.gitattributes'],
  ...['AGENTS.md', 'CLAUDE.md', 'GEMINI.md', '.mcp.json', '.cursorrules', '.claude/settings.json', '.husky/pre-commit'],
  ...['.vscode/tasks.json', '.devcontainer/devcontainer.json'],
];

export function protectionOf(path: string): (typeof builtInProtections)[number] | undefined {
  const folded = foldPath(path);
  return builtInProtections.find(({ globs }) => matchesAny(globs, folded));
}

export function isDelicate(path: string): boolean {
  const kind = protectionOf(path)?.kind;
  return kind !== undefined && (delicateKinds.includes(kind) || matchesAny(delicateGlobs, foldPath(path)));
}

/** A delicate path that a glob covers and no reviewed one does; undefined when there is none. */
export function unreviewedPath(glob: string, reviewed: readonly string[]): string | undefined {
  return [...samples, ...instancesOf(glob)].find(
    (path) => matchesAny([glob], path) && isDelicate(path) && !matchesAny(reviewed, path),
  );
}

/** Paths that a glob itself says: the path that it is, one in the folder that it names, one for its stars. */
export function instancesOf(glob: string): readonly string[] {
  const path = glob.replace(/^\//, '').replace(/\/$/, '').replaceAll('**', 'x').replaceAll(/[*?]/g, 'x');
  return [path, `${path}/x`];
}
