import { matchesAny } from '../path-rules.ts';
import { foldPath, isGitInternal } from '../protected-paths.ts';
import type { Settings } from '../settings.ts';
import { protectionOf } from './delicate-paths.ts';
import { globsMeet, pathsOf } from './glob-reach.ts';
import type { PolicyProblem } from './policy-problem.ts';

type Told = Omit<PolicyProblem, 'kind'>;
type PathSettings = Pick<Settings, 'allowedPaths' | 'protectedPaths' | 'unprotectedPaths' | 'reviewPaths'>;

/** Globs that can do nothing, because a harder rule has every path that they say. In doubt nothing is told. */
export function pathContradictions(settings: PathSettings): readonly Told[] {
  const { protectedPaths, reviewPaths, unprotectedPaths } = settings;
  const everything = covering(protectedPaths, '**');
  if (everything !== undefined) {
    const message = `has "${everything}", which is every path: no agent could change anything`;
    return [
      { settings: ['protectedPaths'], message, fix: 'name what may not change, as in protected: ["src/legal/**"]' },
    ];
  }
  return [
    ...unprotectedPaths.flatMap((glob) => openedInVain(glob, settings)),
    ...reviewPaths.flatMap((glob) => reviewedInVain(glob, settings)),
  ];
}

function openedInVain(glob: string, { protectedPaths }: PathSettings): Told[] {
  if (pathsOf(glob).every(isGitInternal)) {
    const message = `has "${glob}", which is git's own data: no setting lets it change`;
    return [{ settings: ['unprotectedPaths'], message, fix: 'remove it' }];
  }
  const by = covering(protectedPaths, glob);
  if (by === undefined) return [];
  const message = `has "${glob}", which paths.protected has too ("${by}"): it may not change after all`;
  return [{ settings: ['unprotectedPaths', 'protectedPaths'], message, fix: 'remove it from one of them' }];
}

function reviewedInVain(glob: string, settings: PathSettings): Told[] {
  const { allowedPaths, protectedPaths, unprotectedPaths } = settings;
  const paths = pathsOf(glob);
  if (paths.every(isGitInternal)) {
    const message = `has "${glob}", which is git's own data: no approval lets it change`;
    return [{ settings: ['reviewPaths'], message, fix: 'remove it' }];
  }
  const by = covering(protectedPaths, glob);
  if (by !== undefined) {
    const message = `has "${glob}", which paths.protected has too ("${by}"): no approval lets it change`;
    return [{ settings: ['reviewPaths', 'protectedPaths'], message, fix: 'remove it from one of them' }];
  }
  if (allowedPaths.length > 0 && !allowedPaths.some((allowed) => globsMeet(allowed, glob))) {
    const message = `has "${glob}", which paths.allowed leaves out (${allowedPaths.slice(0, 5).join(', ')}): no approval lets it change`;
    const fix = `add "${glob}" to paths.allowed, and it may change once approved; or remove it`;
    return [{ settings: ['reviewPaths', 'allowedPaths'], message, fix }];
  }
  // One protected path that is opened is enough for the glob to be of use.
  const opened = unprotectedPaths.some((each) => globsMeet(each, glob));
  const why = protectionOf(paths[0] ?? '')?.why;
  if (opened || why === undefined || !paths.every((path) => protectionOf(path) !== undefined)) return [];
  const message = `has "${glob}", which is protected (${why}): no approval lets it change`;
  const fix = `add "${glob}" to paths.unprotected, and it may change once approved; or remove it`;
  return [{ settings: ['reviewPaths', 'unprotectedPaths'], message, fix }];
}

/** The glob that by itself covers all that another says. */
function covering(globs: readonly string[], glob: string): string | undefined {
  const paths = pathsOf(glob).map(foldPath);
  return globs.find((each) => {
    const folded = foldPath(each);
    return each === glob || paths.every((path) => matchesAny([folded], path));
  });
}
