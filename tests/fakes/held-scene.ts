import type { Settings } from '../../src/domain/settings.ts';
import type { Task } from '../../src/domain/task.ts';
import type { Admission } from '../../src/flows/gate.ts';
import type { PublishReport } from '../../src/flows/publish-run.ts';
import { type Change, manifestOn, type PublishScene, publishScene, readyResult } from './publish-scene.ts';
import { type Say, spokenGate } from './spoken-gate.ts';

/** A plan that waits on issue 1, and a gate that people speak to. */
export interface HeldScene extends PublishScene {
  readonly settings: Partial<Settings>;
  /** The plan as its comment shows it: 24 digits. */
  readonly plan: string;
  readonly held: PublishReport;
  /** Somebody comments; what the gate makes of it. */
  readonly say: Say;
  /** The approved task is published, as the publish job does it: without any hand-over of an agent. */
  publishApproved(task: Task): Promise<PublishReport>;
}

const reviewed = ['src/**'];

export interface HeldSceneOptions {
  readonly settings?: Partial<Settings>;
  /** Before the agent has made its change; what is different about its task then. */
  readonly prepare?: (scene: PublishScene) => Promise<Partial<Task>>;
}

/** Dora is let in by `allow-users`; the others are those of `spokenGate`. */
export async function heldScene(
  change: Change = { 'src/slugify.ts': 'new\n' },
  { settings = {}, prepare }: HeldSceneOptions = {},
): Promise<HeldScene> {
  const patchPolicy = {
    maxFiles: 50,
    maxBytes: 512 * 1024,
    allowedPaths: [],
    protectedPaths: [],
    unprotectedPaths: [],
    reviewPaths: reviewed,
  };
  const begun = await publishScene({ patchPolicy });
  const task = { ...begun.task, ...(await prepare?.(begun)) };
  const scene: PublishScene = { ...begun, task, publish: (result, more) => begun.publish(result, { task, ...more }) };
  const { forge, claims } = scene;
  const from = scene.task.continues?.headSha ?? scene.task.base.sha;
  const held = await scene.publish(readyResult(manifestOn(forge, from, change)));
  await claims.release(scene.task.lease);
  const plan = /approve ([0-9a-f]{24})`/.exec(scene.comment())?.[1] ?? '';
  const chosen = { reviewPaths: reviewed, allowUsers: ['dora'], ...settings };
  const { say } = spokenGate(scene, chosen);
  return {
    ...scene,
    settings: chosen,
    plan,
    held,
    say,
    publishApproved: (approved) => scene.publish(undefined, { task: approved }),
  };
}

export function admitted(admission: Admission): Task {
  if (admission.kind === 'admitted') return admission.task;
  throw new Error(`not admitted: ${JSON.stringify(admission)}`);
}
