import type { PatchFile, PatchManifest } from './patch.ts';
import type { PatchPolicy } from './patch-policy.ts';
import { matchesAny } from './path-rules.ts';
import { builtInProtections, foldPath, isGitInternal } from './protected-paths.ts';

export type PatchRule =
  | 'empty'
  | 'too-many-files'
  | 'too-many-bytes'
  | 'path-shape'
  | 'git-internal'
  | 'mode'
  | 'protected'
  | 'outside-allowed'
  | 'duplicate'
  | 'same-on-some-systems'
  | 'file-and-folder'
  | 'content'
  | 'package-source';

/** The settings that widen what a patch may be: the input's name, if there is one, and its place in `.github/entropy.yml`. */
export const patchSettings = {
  'max-files': 'limits.max-files',
  'max-patch-size': 'limits.max-patch-size',
  'unprotected-paths': 'paths.unprotected',
  'protected-paths': 'paths.protected',
  'allowed-paths': 'paths.allowed',
  'network.setup': 'network.setup',
} as const;
export type PatchSetting = keyof typeof patchSettings;

export interface PatchProblem {
  readonly rule: PatchRule;
  /** The path as handed over (untrusted); absent when the patch as a whole is meant. */
  readonly path?: string;
  readonly message: string;
  /** The setting that would allow it; absent when nothing does. */
  readonly setting?: PatchSetting;
  /** The entry of that setting that decided, when it was one. */
  readonly glob?: string;
}

/** The object id that git gives to these bytes as a blob. */
export type BlobId = (bytes: Uint8Array) => string;

/** Every rule that a patch breaks, all at once; empty when it may be published. Trusts nothing in the manifest. */
export function checkPatch(manifest: PatchManifest, policy: PatchPolicy, blobId: BlobId): readonly PatchProblem[] {
  return [
    ...checkSize(manifest, policy),
    ...manifest.files.flatMap((file) => checkFile(file, policy)),
    ...manifest.files.flatMap((file) => checkContent(file, blobId)),
    ...checkTogether(manifest.files),
  ];
}

function checkSize({ files }: PatchManifest, policy: PatchPolicy): PatchProblem[] {
  const problems: PatchProblem[] = [];
  if (files.length === 0) problems.push({ rule: 'empty', message: 'the patch holds no file' });
  if (files.length > policy.maxFiles) {
    const message = `${files.length} files; at most ${policy.maxFiles} may change`;
    problems.push({ rule: 'too-many-files', message, setting: 'max-files' });
  }
  const bytes = files.reduce((sum, file) => sum + (file.change === 'deleted' ? 0 : contentLength(file)), 0);
  if (bytes > policy.maxBytes) {
    const message = `${bytes} bytes; at most ${policy.maxBytes} may be written`;
    problems.push({ rule: 'too-many-bytes', message, setting: 'max-patch-size' });
  }
  return problems;
}

/** Whatever a file claims to be, it is at least as long as what is carried. */
function contentLength(file: Exclude<PatchFile, { change: 'deleted' }>): number {
  const carried = file.encoding === 'base64' ? Math.floor((file.content.length * 3) / 4) - 2 : file.content.length;
  return Math.max(file.sizeBytes, carried);
}

function checkFile(file: PatchFile, policy: PatchPolicy): PatchProblem[] {
  const { path } = file;
  const impossible = pathProblem(path);
  if (impossible !== undefined) return [impossible];
  const problems: PatchProblem[] = [];
  if (file.change !== 'deleted' && file.mode !== '100644' && file.mode !== '100755') {
    const what = { '120000': 'a symbolic link', '160000': 'a nested repository' }[file.mode];
    problems.push({ rule: 'mode', path, message: `it is ${what}; only plain files may be published` });
  }
  return [...problems, ...checkPolicy(path, policy)];
}

/** What is wrong with a path by itself and by the policy, whatever is done to it; empty when it may change. */
export function checkPath(path: string, policy: PatchPolicy): readonly PatchProblem[] {
  const impossible = pathProblem(path);
  return impossible === undefined ? checkPolicy(path, policy) : [impossible];
}

/** Why no policy lets this path change, or undefined. */
function pathProblem(path: string): PatchProblem | undefined {
  const shape = pathShapeProblem(path);
  if (shape !== undefined) return { rule: 'path-shape', path, message: shape };
  if (!isGitInternal(path)) return undefined;
  return { rule: 'git-internal', path, message: 'it is, or is read on some systems as, git’s own data' };
}

function checkPolicy(path: string, policy: PatchPolicy): PatchProblem[] {
  const problems: PatchProblem[] = [];
  const folded = foldPath(path);
  const builtIn = builtInProtections.find((protection) => matchesAny(protection.globs, folded));
  const allowedAfterAll = matchesAny(policy.unprotectedPaths, path);
  if (builtIn !== undefined && !allowedAfterAll)
    problems.push({ rule: 'protected', path, message: `protected: ${builtIn.why}`, setting: 'unprotected-paths' });
  const ownGlob = policy.protectedPaths.find((glob) => matchesAny([foldPath(glob)], folded));
  if (ownGlob !== undefined) {
    const message = `protected by this repository: ${ownGlob}`;
    problems.push({ rule: 'protected', path, message, setting: 'protected-paths', glob: ownGlob });
  }
  const restricted = policy.allowedPaths.length > 0;
  if (restricted && !matchesAny(policy.allowedPaths, path)) {
    const message = `outside of what may change: ${policy.allowedPaths.join(', ')}`;
    problems.push({ rule: 'outside-allowed', path, message, setting: 'allowed-paths' });
  }
  const { roleAllowedPaths = [] } = policy;
  if (roleAllowedPaths.length > 0 && !matchesAny(roleAllowedPaths, path)) {
    const message = `outside of what this role may change: ${roleAllowedPaths.join(', ')}`;
    problems.push({ rule: 'outside-allowed', path, message });
  }
  return problems;
}

/** Why a path must not exist anywhere, or undefined. */
function pathShapeProblem(path: string): string | undefined {
  if (path === '') return 'the path is empty';
  if (path.length > 1_024) return 'the path is longer than 1024 characters';
  if (!path.isWellFormed()) return 'the path is not valid Unicode';
  if (/[\p{Cc}]/u.test(path)) return 'the path holds a control character';
  if (/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(path)) return 'the path holds an invisible character';
  if (path.includes('\\')) return 'the path holds a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'the path is absolute';
  const segments = path.split('/');
  if (segments.includes('')) return 'the path has an empty part';
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'the path has a part . or ..';
  if (segments.some((segment) => /[. ]$/.test(segment))) return 'a part of the path ends in a dot or a space';
  if (segments.some((segment) => segment.startsWith(' '))) return 'a part of the path begins with a space';
  return undefined;
}

function checkContent(file: PatchFile, blobId: BlobId): PatchProblem[] {
  if (file.change === 'deleted' || file.mode === '160000') return [];
  const problem = (message: string): PatchProblem[] => [{ rule: 'content', path: file.path, message }];
  const bytes = contentBytes(file);
  if (bytes === undefined) return problem('its content is not valid base64');
  if (bytes.length !== file.sizeBytes) return problem(`it says ${file.sizeBytes} bytes and holds ${bytes.length}`);
  const id = blobId(bytes);
  return id === file.blobSha ? [] : problem(`it says blob ${file.blobSha} and is ${id}`);
}

/** The bytes that a file of a manifest stands for; undefined when its base64 is not in the one canonical form. */
export function contentBytes(file: {
  readonly encoding: 'utf-8' | 'base64';
  readonly content: string;
}): Uint8Array | undefined {
  if (file.encoding === 'utf-8') return new TextEncoder().encode(file.content);
  try {
    const binary = atob(file.content);
    if (btoa(binary) !== file.content) return undefined;
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch (error) {
    // atob has one way to say no: InvalidCharacterError. It is this function's "undefined".
    if (error instanceof Error && error.name === 'InvalidCharacterError') return undefined;
    throw error;
  }
}

/** What only shows when the paths are seen side by side. */
function checkTogether(files: readonly PatchFile[]): PatchProblem[] {
  const problems: PatchProblem[] = [];
  const exact = new Set<string>();
  const written = new Map<string, string>();
  for (const { path, change } of files) {
    if (exact.has(path)) problems.push({ rule: 'duplicate', path, message: 'the path is there twice' });
    else if (change !== 'deleted') {
      const other = written.get(foldPath(path));
      if (other === undefined) written.set(foldPath(path), path);
      else {
        const message = `it is the same file as ${JSON.stringify(other)} on systems that ignore case or form`;
        problems.push({ rule: 'same-on-some-systems', path, message });
      }
    }
    exact.add(path);
  }
  for (const [folded, path] of written) {
    const folder = foldersOf(folded).find((name) => written.has(name));
    if (folder === undefined) continue;
    const message = `${JSON.stringify(written.get(folder))} would be a file and a folder`;
    problems.push({ rule: 'file-and-folder', path, message });
  }
  return problems;
}

function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** Problems for a person, one line each, with what would allow it; at most so many. */
export function describeProblems(problems: readonly PatchProblem[], max = 20): readonly string[] {
  const lines = problems.slice(0, max).map(({ path, message, setting }) => {
    const where = path === undefined ? 'the patch' : JSON.stringify(path);
    return `${where}: ${message}${setting === undefined ? '' : ` (setting: ${setting})`}`;
  });
  return problems.length > max ? [...lines, `and ${problems.length - max} more`] : lines;
}
