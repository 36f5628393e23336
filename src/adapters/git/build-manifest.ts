import { isUtf8 } from 'node:buffer';
import { EntropyError } from '../../domain/error.ts';
import type { FileMode, PatchFile, PatchManifest } from '../../domain/patch.ts';
import { type GitPlace, git, gitLine } from './git-command.ts';
import { lineCounts, noMode, type RawChange, rawDiff, splitZero } from './raw-diff.ts';

/** What a manifest may carry at most. These guard memory and the artifact; what a patch *may* be is the policy's matter. */
export interface CarryLimits {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

export const defaultCarryLimits: CarryLimits = {
  maxFiles: 1_000,
  maxFileBytes: 8 * 1024 * 1024,
  maxTotalBytes: 16 * 1024 * 1024,
};

export interface ManifestRequest {
  readonly place: GitPlace;
  readonly runId: string;
  readonly baseSha: string;
  readonly treeSha: string;
  readonly limits: CarryLimits;
  readonly signal: AbortSignal;
}

const gitlink = '160000';

/** All that differs between the base commit's tree and another tree, with contents. Undefined when nothing does. */
export async function buildManifest(request: ManifestRequest): Promise<PatchManifest | undefined> {
  const { place, signal, baseSha, treeSha } = request;
  const baseTree = await gitLine({ args: ['rev-parse', '--verify', `${baseSha}^{tree}`], place, signal });
  const pair = { place, from: baseTree, to: treeSha, signal };
  const changes = await rawDiff(pair);
  if (changes.length === 0) return undefined;
  refuseTooMany(changes, request.limits);
  await refuseFiltered(changes, request);
  const contents = await readContents(changes, request);
  const lines = await lineCounts(pair);
  const files = changes.map((change): PatchFile => {
    const counted = lines.get(change.path);
    const counts = counted === undefined ? {} : { lines: counted };
    if (change.newMode === noMode) return { change: 'deleted', path: change.path, ...counts };
    const bytes = contents.get(change.newSha) ?? Buffer.alloc(0);
    const text = isUtf8(bytes) && !bytes.includes(0);
    return {
      change: change.oldMode === noMode ? 'added' : 'modified',
      path: change.path,
      mode: asFoundMode(change.newMode),
      sizeBytes: bytes.length,
      blobSha: change.newSha,
      encoding: text ? 'utf-8' : 'base64',
      content: bytes.toString(text ? 'utf8' : 'base64'),
      ...counts,
    };
  });
  return { schema: 1, runId: request.runId, base: { sha: baseSha, treeSha: baseTree }, treeSha, files };
}

function asFoundMode(mode: string): FileMode | '120000' | '160000' {
  switch (mode) {
    case '100644':
    case '100755':
    case '120000':
    case '160000':
      return mode;
    default:
      throw new EntropyError({
        code: 'E600',
        message: `a file has the mode ${mode}, which git does not write`,
        fix: 'run `git fsck` in the repository',
      });
  }
}

function refuseTooMany(changes: readonly RawChange[], limits: CarryLimits): void {
  if (changes.length <= limits.maxFiles) return;
  const shown = changes.slice(0, 3).map((change) => change.path);
  throw new EntropyError({
    code: 'E601',
    message: `the change touches ${changes.length} files, more than the ${limits.maxFiles} that can be handed over (${shown.join(', ')}, …)`,
    fix: 'generated files are usually the reason: add them to .gitignore, or split the issue',
  });
}

async function readContents(changes: readonly RawChange[], request: ManifestRequest): Promise<Map<string, Buffer>> {
  const { place, signal, limits } = request;
  const wanted = changes.filter((change) => change.newMode !== noMode && change.newMode !== gitlink);
  const shas = [...new Set(wanted.map((change) => change.newSha))];
  const stdin = shas.map((sha) => `${sha}\n`).join('');
  const checked = (await git({ args: ['cat-file', '--batch-check'], place, signal, stdin })).toString('latin1');
  const sizes = new Map(checked.trim().split('\n').map(parseSize));
  let total = 0;
  for (const { path, newSha } of wanted) {
    const size = sizes.get(newSha) ?? 0;
    total += size;
    if (size > limits.maxFileBytes) throw tooLarge(`${path} has ${size} bytes`, limits.maxFileBytes);
    if (total > limits.maxTotalBytes)
      throw tooLarge(`with ${path} the change has ${total} bytes`, limits.maxTotalBytes);
  }
  const maxOutputBytes = limits.maxTotalBytes + shas.length * 100 + 1_024;
  return parseBatch(await git({ args: ['cat-file', '--batch'], place, signal, stdin, maxOutputBytes }));
}

function parseSize(line: string): readonly [string, number] {
  const [sha = '', , size = '0'] = line.split(' ');
  return [sha, Number(size)];
}

/** `<sha> blob <size>\n<bytes>\n`, again and again. */
function parseBatch(bytes: Buffer): Map<string, Buffer> {
  const contents = new Map<string, Buffer>();
  let at = 0;
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(10, at);
    const [sha, size] = parseSize(bytes.subarray(at, lineEnd).toString('latin1'));
    contents.set(sha, bytes.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 1;
  }
  return contents;
}

function tooLarge(what: string, limit: number): EntropyError {
  return new EntropyError({
    code: 'E601',
    message: `${what}, more than the ${limit} that can be handed over`,
    fix: 'keep large files out of the change (.gitignore), or put them there by hand',
  });
}

/** Files behind a filter (Git LFS) hold a pointer in git; without the filter their bytes would be stored instead of it. */
async function refuseFiltered(changes: readonly RawChange[], request: ManifestRequest): Promise<void> {
  const { place, signal } = request;
  const written = changes.filter((change) => change.newMode !== noMode);
  if (place.workTree === undefined || written.length === 0) return;
  const stdin = written.map((change) => `${change.path}\0`).join('');
  const answer = await git({ args: ['check-attr', '-z', '--stdin', 'filter'], place, signal, stdin });
  const fields = splitZero(answer).map((field) => field.toString('utf8'));
  const filtered = written.filter((_change, index) => !['unspecified', 'unset'].includes(fields[index * 3 + 2] ?? ''));
  if (filtered.length === 0) return;
  const names = filtered.slice(0, 5).map((change) => change.path);
  throw new EntropyError({
    code: 'E600',
    message: `files kept by a git filter such as LFS were changed: ${names.join(', ')}`,
    fix: 'agents cannot change filtered files, for filters of a repository are never run; change them by hand',
  });
}
