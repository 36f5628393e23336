import type { MergedFile } from '../../domain/conflicts/lost-hunks.ts';
import { lostPlaces, marksText } from '../../domain/conflicts/lost-text.ts';
import { lostSummary, unmerged } from '../../domain/conflicts/unmerged.ts';
import { asCodeSpan } from '../../domain/outgoing-text.ts';
import { contentBytes } from '../../domain/patch-check.ts';
import { describeFailure } from '../../domain/test-verdict.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Blocked, PublishRun, ReadyChange } from '../publish-run.ts';
import { softRules } from '../soft-rules.ts';

/** Of each file up to four versions are read. */
const mostFiles = 100;

/**
 * What can be said against publishing a merge of the base, from the forge's own word on all versions and not from the hand-over:
 * left marks, changes of either side that are gone, tests that fail. Undefined for any other change. A merge is never held for
 * approval: what a person has to look at is a merge that they make.
 */
export async function inspectMerge(run: PublishRun, change: ReadyChange): Promise<Blocked | undefined> {
  const { continues } = run.task;
  const { mergeOf } = continues ?? {};
  if (continues === undefined || mergeOf === undefined) return undefined;
  const { testsAfter } = change.result;
  if (run.task.testCommand !== undefined && testsAfter !== undefined && testsAfter.exitCode !== 0) {
    return byHand(run, `With the base merged, the tests fail (${describeFailure(testsAfter)}).`);
  }
  const paths = await changedPaths(run, change, { from: mergeOf.forkSha, to: continues.headSha });
  if (paths === undefined || paths.length > mostFiles) {
    return byHand(run, `More than ${mostFiles} files have to be compared to say that the merge loses nothing.`);
  }
  const files: MergedFile[] = [];
  for (const path of paths) {
    run.signal.throwIfAborted();
    files.push(await versionsOf(run, change, { path, forkSha: mergeOf.forkSha, headSha: continues.headSha }));
  }
  const wrong = unmerged(files);
  switch (wrong?.kind) {
    case undefined:
      return heldBack(run, change);
    case 'marks':
      return byHand(run, `Marks of the conflict are left in ${marksText(wrong.left)}.`);
    case 'lost': {
      const places = lostPlaces(wrong.lost).map((place) => `- ${asCodeSpan(place, 200)}`);
      return byHand(run, `${lostSummary(wrong.lost)}, and none may be dropped:\n\n${places.join('\n')}`);
    }
    default:
      return wrong satisfies never;
  }
}

/** Everything that the branch had changed, and everything that the merge changes on the base: the same when nothing is lost. */
async function changedPaths(
  { forge }: PublishRun,
  { manifest }: ReadyChange,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly string[] | undefined> {
  const compared = await forge.compare(from, to);
  const paths = compared.kind === 'ahead' ? compared.paths : [];
  return paths && [...new Set([...paths, ...manifest.files.map(({ path }) => path)])].sort();
}

interface VersionsQuery {
  readonly path: string;
  readonly forkSha: string;
  readonly headSha: string;
}

async function versionsOf(
  { forge }: PublishRun,
  { manifest }: ReadyChange,
  { path, forkSha, headSha }: VersionsQuery,
): Promise<MergedFile> {
  const theirs = await textAt(forge, path, manifest.base.sha);
  const file = manifest.files.find((one) => one.path === path);
  const deleted = file?.change === 'deleted';
  const written = file === undefined || deleted ? undefined : asText(contentBytes(file) ?? new Uint8Array());
  return {
    path,
    base: await textAt(forge, path, forkSha),
    ours: await textAt(forge, path, headSha),
    theirs,
    merged: file === undefined ? theirs : written,
  };
}

async function textAt(forge: Pick<Forge, 'file'>, path: string, sha: string): Promise<string | undefined> {
  const bytes = await forge.file(path, sha);
  return bytes === undefined ? undefined : asText(bytes);
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** What a person looks at first may have been approved before; the merge would put it before them again, with no way to say so. */
async function heldBack(run: PublishRun, change: ReadyChange): Promise<Blocked | undefined> {
  const reasons = await softRules(run, change);
  if (reasons.length === 0) return undefined;
  const named = reasons.slice(0, 5).map(({ path, message }) => `${asCodeSpan(path, 200)} (${message})`);
  return byHand(run, `A person looks at some of it first: ${named.join(', ')}.`);
}

function byHand({ task }: PublishRun, why: string): Blocked {
  const branch = task.continues?.branch ?? '';
  const base = task.base.branch;
  return {
    kind: 'blocked',
    code: 'E604',
    reason: `\`${base}\` was not merged into \`${branch}\`. ${why}`,
    next: `Merge it by hand (\`git merge origin/${base}\` on \`${branch}\`), or comment \`/agent retry\` to have it tried again.`,
  };
}
