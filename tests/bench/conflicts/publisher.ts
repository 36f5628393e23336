import type { PatchManifest } from '../../../src/domain/patch.ts';
import { inspectMerge } from '../../../src/flows/address/inspect-merge.ts';
import { embeddedForge } from '../../contract/embedded-forge.fixture.ts';
import { blobSha } from '../../fakes/git-objects.ts';
import { instantClock } from '../../fakes/instant-clock.ts';
import { memoryClaimStore } from '../../fakes/memory-claim-store.ts';
import { readyResult } from '../../fakes/publish-scene.ts';
import { sampleTask } from '../../fakes/sample-task.ts';
import type { ChangePair, Files } from './pair.ts';

/** What the publisher says of a merge. `held`: that a person looks at some of its files first, as of any change to them. */
export type PublisherWord = 'publishes' | 'refuses' | 'held';

export interface PairPublisher extends AsyncDisposable {
  inspect(manifest: PatchManifest, signal: AbortSignal): Promise<PublisherWord>;
}

const branch = 'agent/1/f1-change';

/** The versions of a pair on a GitHub of their own, and the publisher's judgement of a merge, which reads them from there alone. */
export async function openPublisher(pair: ChangePair, bothChanged: readonly string[]): Promise<PairPublisher> {
  const at = await embeddedForge(pair.base);
  const { forge } = at;
  const forkSha = (await forge.branchHead('main')) ?? '';
  const push = async (to: string, files: Files): Promise<{ readonly sha: string; readonly treeSha: string }> => {
    const gone = Object.keys(pair.base).filter((path) => files[path] === undefined);
    const entries = [
      ...Object.entries(files)
        .filter(([path, content]) => pair.base[path] !== content)
        .map(([path, content]) => ({ kind: 'text', path, mode: '100644', content }) as const),
      ...gone.map((path) => ({ kind: 'delete', path }) as const),
    ];
    const treeSha = await forge.createTree((await forge.commit(forkSha)).treeSha, entries);
    const { sha } = await forge.createCommit({ message: 'change', treeSha, parents: [forkSha] });
    await forge.updateBranch(to, sha);
    return { sha, treeSha };
  };
  await forge.createBranch(branch, forkSha);
  const { sha: headSha } = await push(branch, pair.ours);
  const base = await push('main', pair.theirs);
  const task = sampleTask({
    base: { branch: 'main', sha: base.sha },
    continues: { branch, headSha, pullRequest: 2, mergeOf: { forkSha, bothChanged: [...bothChanged] } },
  });
  const clock = instantClock();
  const claims = memoryClaimStore(clock);
  const scanner = { scan: async () => [] };
  const publisher = { forge, claims, clock, scanner, blobId: blobSha, dryRun: false, log: () => undefined };
  return {
    inspect: async (made, signal) => {
      const manifest = { ...made, base };
      const result = readyResult(manifest);
      const submission = { title: 'Merge main', body: 'Both are there.', verified: [] };
      const blocked = await inspectMerge({ ...publisher, task, signal }, { result, submission, manifest });
      if (blocked === undefined) return 'publishes';
      return blocked.reason.includes('A person looks at some of it first') ? 'held' : 'refuses';
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}
