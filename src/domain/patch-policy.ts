/** What a patch may touch and how large it may be. Read from the base branch and the workflow's inputs, never from the head. */
export interface PatchPolicy {
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** Globs. When not empty, only these paths may change. */
  readonly allowedPaths: readonly string[];
  /** Globs of the role. When not empty, a path must be among these as well. */
  readonly roleAllowedPaths?: readonly string[];
  /** Globs that may not change, on top of the built-in ones. */
  readonly protectedPaths: readonly string[];
  /** Globs of built-in protected paths that this repository allows after all (for example `package-lock.json`). */
  readonly unprotectedPaths: readonly string[];
  /** Globs that a person approves first: a patch that touches them is held. */
  readonly reviewPaths?: readonly string[];
}

export const defaultPatchPolicy: PatchPolicy = {
  maxFiles: 50,
  maxBytes: 512 * 1024,
  allowedPaths: [],
  protectedPaths: [],
  unprotectedPaths: [],
};
