import { lostPlaces, marksText } from '../../domain/conflicts/lost-text.ts';
import { lostSummary, unmerged } from '../../domain/conflicts/unmerged.ts';
import { asCodeSpan } from '../../domain/outgoing-text.ts';
import { describeFailure } from '../../domain/test-verdict.ts';
import type { Blocked, PublishRun, ReadyChange } from '../publish-run.ts';
import { softRules } from '../soft-rules.ts';
import { mergeVersions } from './merge-versions.ts';

/** Of each file up to three versions are read. */
const mostFiles = 100;

/**
 * What can be said against publishing a merge of the base, from the forge's own word on all versions and not from the hand-over:
 * left marks, changes of either side that are gone, tests that fail or were not run. Undefined for any other change. A merge is never held for
 * approval: what a person has to look at is a merge that they make.
 */
export async function inspectMerge(run: PublishRun, change: ReadyChange): Promise<Blocked | undefined> {
  const { continues } = run.task;
  const { mergeOf } = continues ?? {};
  if (continues === undefined || mergeOf === undefined) return undefined;
  const { testsAfter } = change.result;
  if (run.task.testCommand !== undefined && testsAfter?.exitCode !== 0) {
    const why = testsAfter === undefined ? 'the tests were not run' : `the tests fail (${describeFailure(testsAfter)})`;
    return byHand(run, `With the base merged, ${why}.`);
  }
  const { forge, signal } = run;
  const { manifest } = change;
  const sides = { forkSha: mergeOf.forkSha, headSha: continues.headSha };
  const found = await mergeVersions({ forge, manifest, ...sides, mostFiles, signal });
  if (found.kind !== 'files') {
    const why =
      found.kind === 'untold'
        ? 'GitHub does not list all files of this repository at once, so nobody can say that the merge loses nothing.'
        : `${found.files} files have to be compared to say that the merge loses nothing; ${mostFiles} are.`;
    return byHand(run, why);
  }
  const wrong = unmerged(found.files);
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
