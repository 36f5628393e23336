import { createSecretScanner } from '../../../../src/adapters/secretlint/secret-scanner.ts';
import { defaultPatchPolicy } from '../../../../src/domain/patch-policy.ts';
import type { RunResult, Submission } from '../../../../src/domain/run-result.ts';
import type { Task } from '../../../../src/domain/task.ts';
import type { PublishReport } from '../../../../src/flows/publish-run.ts';
import { type Change, manifestOn, publishScene, readyResult } from '../../../fakes/publish-scene.ts';

// Put together at run time, so that no scanner (ours included) takes this file for a leak.
export const token = ['ghs', 'aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA1cD3fG5'].join('_');

export interface Published {
  readonly report: PublishReport;
  /** All that anybody can read on the forge afterwards, but for what was there before, and the log. */
  readonly left: string;
  /** The part of it that GitHub shows as markdown. */
  readonly markdown: string;
}

export interface Publishing {
  readonly change?: Change;
  readonly submission?: Partial<Submission>;
  readonly result?: Partial<RunResult>;
  readonly task?: Partial<Task>;
  /** Besides `token`. */
  readonly known?: Readonly<Record<string, string>>;
}

const words: Submission = {
  title: 'Keep the last word',
  body: 'The limit cut one word too many.',
  verified: ['by hand'],
};

/** What an obedient agent hands over, before the real publisher, which knows `token`. */
export async function publishing({ change, submission = {}, result, task, known }: Publishing): Promise<Published> {
  const scene = await publishScene({ patchPolicy: { ...defaultPatchPolicy, maxFiles: 200 }, ...task });
  const seeded = new Set(scene.forge.git.blobs.keys());
  const patch = manifestOn(scene.forge, scene.task.base.sha, change ?? { 'src/slugify.ts': 'new\n' });
  const handedOver = { ...readyResult(patch), submission: { ...words, ...submission }, ...result };
  const report = await scene.publish(handedOver, {
    scanner: createSecretScanner({ known: { 'github-token': token, ...known } }),
  });
  const { git, pulls, allComments } = scene.forge;
  const blobs = [...git.blobs]
    .filter(([sha]) => !seeded.has(sha))
    .map(([, bytes]) => Buffer.from(bytes).toString('latin1'));
  const names = [...git.trees.values()].flatMap((tree) => [...tree.keys()]);
  const markdown = [...allComments.map(({ snapshot }) => snapshot.body), ...pulls.map(({ body }) => body)].join('\n');
  const left = [
    markdown,
    ...pulls.map(({ title }) => title),
    ...git.branches.keys(),
    ...[...git.commits.values()].map(({ message }) => message),
    ...blobs,
    ...names,
    ...scene.logged,
  ];
  return { report, left: left.join('\n'), markdown };
}
