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
  const protecting = protectedPaths.map((glob) => ({ glob, folded: foldPath(glob) }));
  const everything = covering(protecting, '**');
  if (everything !== undefined) {
    const message = `has "${everything}", which is every path: no agent could change anything`;
    return [
      { settings: ['protectedPaths'], message, fix: 'name what may not change, as in protected: ["src/legal/**"]' },
    ];
  }
  return [
    ...unprotectedPaths.flatMap((glob) => openedInVain(glob, protecting)),
    ...reviewPaths.flatMap((glob) => reviewedInVain(glob, protecting, settings)),
  ];
}

function openedInVain(glob: string, protecting: readonly Folded[]): Told[] {
  if (pathsOf(glob).every(isGitInternal)) {
    const message = `has "${glob}", which is git's own data: no setting lets it change`;
    return [{ settings: ['unprotectedPaths'], message, fix: 'remove it' }];
  }
  const by = covering(protecting, glob);
  if (by === undefined) return [];
  const message = `has "${glob}", which paths.protected has too ("${by}"): it may not change after all`;
  return [{ settings: ['unprotectedPaths', 'protectedPaths'], message, fix: 'remove it from one of them' }];
}

function reviewedInVain(glob: string, protecting: readonly Folded[], settings: PathSettings): Told[] {
  const { allowedPaths, unprotectedPaths } = settings;
  const paths = pathsOf(glob);
  if (paths.every(isGitInternal)) {
    const message = `has "${glob}", which is git's own data: no approval lets it change`;
    return [{ settings: ['reviewPaths'], message, fix: 'remove it' }];
  }
  const by = covering(protecting, glob);
  if (by !== undefined) {
    const message = `has "${glob}", which paths.protected has too ("${by}"): no approval lets it change`;
    return [{ settings: ['reviewPaths', 'protectedPaths'], message, fix: 'remove it from one of them' }];
  }
  if (allowedPaths.length > 0 && !allowedPaths.some((allowed) => globsMeet(allowed, glob))) {
    const message = `has "${glob}", which paths.allowed leaves out (${allowedPaths.slice(0, 5).join(', ')}): no approval lets it change`;
    const fix = `add "${glob}" to paths.allowed, and it may change once approved; or remove it`;
    return [{ settings: ['reviewPaths', 'allowedPaths'], message, fix }];
  }
  const why = protectionOf(paths[0] ?? '')?.why;
  if (why === undefined || !paths.every((path) => protectionOf(path) !== undefined)) return [];
  // One protected path that is opened is enough for the glob to be of use.
  if (unprotectedPaths.some((each) => globsMeet(each, glob))) return [];
  const message = `has "${glob}", which is protected (${why}): no approval lets it change`;
  const fix = `add "${glob}" to paths.unprotected, and it may change once approved; or remove it`;
  return [{ settings: ['reviewPaths', 'unprotectedPaths'], message, fix }];
}

interface Folded {
  readonly glob: string;
  readonly folded: string;
}

/** The glob that by itself covers all that another says. */
function covering(globs: readonly Folded[], glob: string): string | undefined {
  const paths = pathsOf(glob).map(foldPath);
  return globs.find((each) => each.glob === glob || paths.every((path) => matchesAny([each.folded], path)))?.glob;
}
