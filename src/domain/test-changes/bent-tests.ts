import { decidesTests } from './test-path.ts';

/** One file of a pull request, as GitHub tells of it. */
export interface ChangedFile {
  readonly path: string;
  readonly previousPath: string | undefined;
  /** Unified diff without its head; undefined: GitHub shows none. */
  readonly patch: string | undefined;
}

/**
 * Files of a pull request that decide how tests run, its own included: by them it could pass whatever it does. New versions of what a
 * package.json depends on decide nothing of the kind.
 */
export function bentTests(files: readonly ChangedFile[], testCommand: string | undefined): readonly string[] {
  return files
    .filter(({ path, previousPath, patch }) => {
      const names = [path, ...(previousPath === undefined ? [] : [previousPath])];
      if (names.some((name) => hooks.test(name))) return true;
      if (settings.test(path) && (patch === undefined || /pytest|addopts|testpaths/.test(patch))) return true;
      const decides = names.some((name) => decidesTests(name, testCommand));
      return decides && !(/(?:^|\/)package\.json$/.test(path) && changesVersionsOnly(patch));
    })
    .map(({ path }) => path);
}

/** Python runs these before any test. */
const hooks = /(?:^|\/)(?:conftest|sitecustomize|usercustomize)\.py$/;
/** Settings of a runner among others. */
const settings = /(?:^|\/)(?:pyproject\.toml|setup\.cfg)$/;

/** `"left-pad": "^1.3.0",` */
const version = /^[+-]\s*"[\w@./-]{1,214}":\s*"[\^~<>=]{0,2}\d[\d.x*]{0,40}",?\s*$/;

function changesVersionsOnly(patch: string | undefined): boolean {
  if (patch === undefined) return false;
  return patch.split('\n').every((line) => !/^[+-]/.test(line) || version.test(line));
}
