import type { PatchManifest } from '../../../../src/domain/patch.ts';
import type { RunResult } from '../../../../src/domain/run-result.ts';
import { manifestOn, type PublishScene, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const change = { 'src/slugify.ts': 'new\n' };
const foreignRun = '01JD9999999999999999999999';

type Forge = (scene: PublishScene, honest: PatchManifest) => RunResult;

/** One way in which a hand-over speaks for something else than its own task; it is refused as such, and nothing is written. */
function forged(title: string, forge: Forge, told: RegExp): Attack {
  return {
    id: 'M3',
    title,
    attack: async () => {
      const scene = await publishScene();
      const branches = scene.forge.git.branches.size;
      const honest = manifestOn(scene.forge, scene.task.base.sha, change);
      const report = await scene.publish(forge(scene, honest));
      const written = scene.forge.git.branches.size > branches || report.pullRequest !== undefined;
      if (written) return escaped(`published as ${report.branch}`);
      const refused = report.error?.code === 'E603' && told.test(report.error.message);
      return refused
        ? contained('the hand-over is refused (E603)')
        : escaped(`only stopped later: ${report.error?.message}`);
    },
    twin: async () => {
      const scene = await publishScene();
      const report = await scene.publish(readyResult(manifestOn(scene.forge, scene.task.base.sha, change)));
      return report.outcome === 'succeeded' ? passed('an honest hand-over is published') : hindered(report.reason);
    },
  };
}

export const foreignHandOvers: readonly Attack[] = [
  forged(
    'a result names another issue in a field of its own',
    (_scene, patch) => ({ ...readyResult(patch), ...{ issue: 2, merge: true } }),
    /Unrecognized key/i,
  ),
  forged(
    'a result of another run is handed over',
    (_scene, patch) => readyResult(patch, { runId: foreignRun }),
    /the result is of run/,
  ),
  forged(
    'a patch of another run is handed over',
    (_scene, patch) => readyResult({ ...patch, runId: foreignRun }),
    /the patch is of run/,
  ),
  forged(
    'a patch is made against a commit that is not the task’s, with the same tree',
    ({ forge }, patch) => {
      const { sha } = forge.git.addCommit({
        treeSha: patch.base.treeSha,
        parents: [patch.base.sha],
        message: 'foreign',
      });
      return readyResult({ ...patch, base: { ...patch.base, sha } });
    },
    /the patch is made against/,
  ),
  forged(
    'a patch passes another tree off as the base’s, to bring in what that holds',
    ({ forge, task }, patch) => {
      const other = manifestOn(forge, task.base.sha, { 'secret.txt': 'from another branch\n' });
      const files = new Map(forge.git.trees.get(patch.base.treeSha));
      files.set('secret.txt', {
        mode: '100644',
        sha: other.files[0]?.change === 'added' ? other.files[0].blobSha : '',
      });
      return readyResult({ ...patch, base: { ...patch.base, treeSha: forge.git.addTree(files) } });
    },
    /the patch names/,
  ),
];
