import type { PatchManifest } from '../patch.ts';
import type { PatchPolicy } from '../patch-policy.ts';
import { matchesAny } from '../path-rules.ts';
import { foldPath } from '../protected-paths.ts';

/**
 * Why a person is asked before a change is published. A rule of this kind is soft: it forbids nothing, it asks
 * (`/agent approve`). Hard rules are in `patch-check.ts`, and no approval gets past them.
 */
export interface ReviewReason {
  readonly rule: 'review-required' | 'tests-weakened';
  /** As handed over: untrusted. */
  readonly path: string;
  /** What about it, to follow the path: `review required: migrations/**`. */
  readonly message: string;
}

/** The paths of a patch that the repository wants to see first, by `paths.review-required`. Names are compared as the least careful file system would. */
export function reviewRequired(manifest: PatchManifest, policy: PatchPolicy): readonly ReviewReason[] {
  return manifest.files.flatMap(({ path }): readonly ReviewReason[] => {
    const glob = reviewingGlob(path, policy);
    return glob === undefined ? [] : [{ rule: 'review-required', path, message: `review required: ${glob}` }];
  });
}

/** The entry of `paths.review-required` that asks for a person to see this path first. */
export function reviewingGlob(
  path: string,
  { reviewPaths = [] }: Pick<PatchPolicy, 'reviewPaths'>,
): string | undefined {
  return reviewPaths.find((wanted) => matchesAny([foldPath(wanted)], foldPath(path)));
}
