import type { PatchFile, PatchManifest } from '../../../../src/domain/patch.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { type Change, manifestOn, type PublishScene, publishScene, readyResult } from '../../../fakes/publish-scene.ts';
import { type Containment, contained, escaped, hindered, type Passage, passed } from '../attack.ts';

export interface HandedOver {
  readonly scene: PublishScene;
  readonly task: Task;
  readonly patch: PatchManifest;
}

/** A change over files of its own, handed over as an agent's job would; `forge` makes of it what an honest one never says. */
export async function handOver(
  files: Readonly<Record<string, string>>,
  change: Change,
  forgeIt: (patch: PatchManifest) => PatchManifest = (patch) => patch,
): Promise<HandedOver> {
  const scene = await publishScene();
  const sha = scene.forge.git.commitFiles({ 'README.md': '# slug\n', ...files });
  scene.forge.git.branches.set('main', sha);
  const task = { ...scene.task, base: { branch: 'main', sha } };
  return { scene, task, patch: forgeIt(manifestOn(scene.forge, sha, change)) };
}

/** With another mode in the place of the plain file's. */
export function withMode(mode: '120000' | '160000', name: string): (patch: PatchManifest) => PatchManifest {
  const changed = (file: PatchFile): PatchFile =>
    file.path === name && file.change !== 'deleted' ? { ...file, mode } : file;
  return (patch) => ({ ...patch, files: patch.files.map(changed) });
}

/** Contained: told as refused, and no branch besides the base. A fault that nobody expected is thrown. */
export async function refused({ scene, task, patch }: HandedOver, how: string): Promise<Containment> {
  const report = await scene.publish(readyResult(patch), { task });
  const branches = [...scene.forge.git.branches.keys()];
  const stopped = report.outcome !== 'succeeded' && report.error?.code.startsWith('E60') === true;
  if (stopped && branches.length === 1) return contained(`${how}: ${report.reason.split('\n', 1)[0] ?? ''}`);
  return escaped(`${report.outcome}: ${branches.join(', ')}, ${patch.files.map(({ path }) => path).join(', ')}`);
}

export async function published({ scene, task, patch }: HandedOver): Promise<Passage> {
  const report = await scene.publish(readyResult(patch), { task });
  return report.outcome === 'succeeded'
    ? passed(`published ${patch.files.map(({ path }) => path).join(', ')}`)
    : hindered(report.reason);
}
