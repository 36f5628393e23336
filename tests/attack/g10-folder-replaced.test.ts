import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/domain/run-result.ts';
import { type Change, manifestOn, publishScene, readyResult } from '../fakes/publish-scene.ts';

const base: Change = {
  'services/CODEOWNERS': '* @octo/security\n',
  'services/api/main.ts': 'x\n',
  'README.md': '# slug\n',
};

/** A hand-over as a sandbox escape could forge it: the tree is true, and only the file is named, not what it replaces. */
async function forged() {
  const scene = await publishScene();
  const { forge } = scene;
  const sha = forge.git.commitFiles(base as Record<string, string>);
  forge.git.branches.set('main', sha);
  const task = { ...scene.task, base: { branch: 'main', sha } };
  const whole = manifestOn(forge, sha, {
    'services/CODEOWNERS': undefined,
    'services/api/main.ts': undefined,
    services: 'nothing to see\n',
  });
  return { scene, task, whole, named: { ...whole, files: whole.files.filter((file) => file.change !== 'deleted') } };
}

function branches(scene: Awaited<ReturnType<typeof publishScene>>): readonly string[] {
  return [...scene.forge.git.branches.keys()];
}

describe('G10: a file in the place of a folder that holds a protected path', () => {
  it('is found in the tree that results, before any branch points to it', async () => {
    const { scene, task, named } = await forged();
    const result: RunResult = readyResult(named);
    const report = await scene.publish(result, { task });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'E600' } });
    expect(report.reason).toContain('"services/CODEOWNERS"');
    expect(branches(scene)).toEqual(['main']);
  });

  it('is stopped by the rule when it is named', async () => {
    const { scene, task, whole } = await forged();
    const report = await scene.publish(readyResult(whole), { task });
    expect(report).toMatchObject({ outcome: 'blocked', error: { code: 'E600' } });
    expect(report.reason).toContain('protected: who must review');
  });

  it('is published when nothing in the folder is protected and all of it is named', async () => {
    const { scene, task } = await forged();
    const patch = manifestOn(scene.forge, task.base.sha, {
      'services/api/main.ts': undefined,
      'services/api': 'one file\n',
    });
    const report = await scene.publish(readyResult(patch), { task });
    expect(report.outcome).toBe('succeeded');
  });
});
